"""The command line: one module for each command, imported when it is called.

Data goes to standard output, messages to standard error. Whatever goes wrong ends in a clear
message and one of the exit codes of `foedus.cli.failure`, never in a traceback.
"""

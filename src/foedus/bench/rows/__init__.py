"""The rows of the bench: every module here defines `ROWS`."""

"""Workload A in the terms of other engines; each module that is one defines `PEER`."""

"""The conditioned run as machine code: what `engine/conditioned` defines, path by path.

`tables` says where what is known stands, `cover`, `holding`, `items` and `looks` are the modules of
the same names in instructions, `driver` the order of events, `program` how it is called. What a
stage knows, the dates of items and all numbers of the record are arguments of the code.

A run can keep its history (`rows`, `history`) for other worlds, which read it (`scripted`);
`worlds` runs both in turn, `worlds_program` is how that is called.
"""

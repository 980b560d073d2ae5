"""Runs under a record that stand still at checkpoints, as machine code.

A run that stands is a row: what it is made of and no more (`rows`). To go on it is put into the
memory that compiled code works in, and that stays near the processor; where it comes to stand
again it is written elsewhere, so that copies are made on the way (`paths`, and `lanes` for many
side by side). `program` calls all this.
"""

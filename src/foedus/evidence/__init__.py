"""What the record rests on: places in documents that need not be shipped."""

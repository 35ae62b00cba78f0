"""Pages of records: lists, one record, its moves, search."""

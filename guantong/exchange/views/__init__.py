"""Pages of imports and exports, and papers as files."""

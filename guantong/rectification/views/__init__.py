"""What rectification adds to pages."""

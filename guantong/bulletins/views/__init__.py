"""The pages of bulletins."""

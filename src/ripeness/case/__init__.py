"""What is this conflict? The case file: its schema, its loader, and what is wrong with it."""

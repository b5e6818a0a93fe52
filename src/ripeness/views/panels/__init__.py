"""What there is to see of a run: each panel is a page of the app and a section of the report."""

"""Who is right: claims judged on any table of worlds, and on the record."""

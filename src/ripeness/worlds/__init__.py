"""What are all the ways it could go? Sampling assumptions, running blocks of worlds, the store of rows."""

"""What are all the ways it could go? Sampling, running blocks of worlds, the store of rows."""

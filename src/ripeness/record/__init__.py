"""What do we know, as of a date?"""

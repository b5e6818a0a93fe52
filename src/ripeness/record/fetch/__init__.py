"""How are the public series brought up to date on the user's machine?"""

"""How does a week of it go? One file a mechanism; `week` puts them in order."""

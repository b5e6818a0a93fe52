"""How does a week of it go? One file a mechanism; `week` puts them in the order in which a week happens."""

"""How the shipped weights were made; nothing at run time imports this."""

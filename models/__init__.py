"""The shipped tagger and, in `training`, how it was made."""

"""One file a slot: `find` proposes mentions, `resolve` makes a mention a value."""

"""One file a command. Each imports what it needs itself, so that a small command starts fast."""

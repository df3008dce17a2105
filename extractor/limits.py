"""Bounds that everyone who takes articles in shares."""

MAX_BYTES = 5 * 2**20  # the largest page or text that is read: from a file, a corpus and over HTTP alike

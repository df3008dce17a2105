"""The ways in: command line, HTTP API and the pages that a person reads."""

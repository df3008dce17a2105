"""Reads Indonesian news on the training of prison residents into records with evidence."""

"""Facilities, organizations, skills and regions: data with its loaders."""

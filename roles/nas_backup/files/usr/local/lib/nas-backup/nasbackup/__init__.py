"""Saves a host to its repositories: what the program nas-backup is made of."""

"""Restoring a part of every backup somewhere else, and comparing it with what is saved."""

"""The drill and what brings files back."""

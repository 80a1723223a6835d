"""Workstations that run Windows: what was read of them, how they are renewed. Python of the controller alone."""

"""The firewall's flow matrix: read, rendered for a device, read back from it, compared."""

"""What keeps a repository of backups in order: pruning, checking, and the watch over its room."""

"""What each person, and each group on its share, may take of the file system."""

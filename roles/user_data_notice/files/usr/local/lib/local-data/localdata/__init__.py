"""What of a person's files is on this machine alone, and the words in which it is said."""

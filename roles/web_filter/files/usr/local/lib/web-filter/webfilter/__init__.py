"""The category lists of a web filter: built from sources, asked by Squid, watched by a canary. Standard library only."""

"""What is read on a Linux host, by one script that needs nothing but Python."""

"""What watches the shares of a file server: suspicious names, mass changes, room."""

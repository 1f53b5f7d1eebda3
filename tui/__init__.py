"""How people meet the program: the full screen, and plain lines."""

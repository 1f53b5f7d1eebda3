"""The same storage over HTTP: one contract, both its ends side by side."""

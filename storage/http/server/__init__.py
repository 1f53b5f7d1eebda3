"""The server's end: it signs callers in, asks its own service in their name, and trusts no client."""

"""Signing in over HTTP: who calls a server, and how a client proves who it is."""

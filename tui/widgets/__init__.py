"""Widgets of the full-screen program that know nothing of the domain."""

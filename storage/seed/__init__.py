"""The facts that every new database starts with, and the files that hold them."""

"""A storage in an SQL database, through SQLAlchemy Core.

Nothing of it is imported before a storage is opened: the first frame does not wait for SQLAlchemy.
"""

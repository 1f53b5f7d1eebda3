"""The types of columns, where databases differ.

Keys compare byte by byte on both (DESIGN 4.9): SQLite does so by itself, PostgreSQL by the order of the
language that the database was made for, unless a column says otherwise. Every text column says so, since
two that are compared with each other must agree.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Integer, Text

TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that compares byte by byte."""

NUMBER: Final = Integer().with_variant(BigInteger(), "postgresql")
"""A number in a chain. SQLite's integers have 64 bits whatever they are called."""

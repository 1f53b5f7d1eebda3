"""Choices that look like chance and are the same in every build, on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def draw(below: int, *key: str | int) -> int:
    """Give a number from 0 to ``below - 1`` that depends on the key alone.

    ``random`` promises the same numbers for the same seed only within a version of Python.
    """
    text = "\x00".join(str(part) for part in key)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % below


def pick(among: Sequence[T], *key: str | int) -> T:
    """Give one of several by the key."""
    return among[draw(len(among), *key)]


def some(among: Sequence[T], count: int, *key: str | int) -> list[T]:
    """Give ``count`` different ones of several by the key, in their own order."""
    ranked = sorted(range(len(among)), key=lambda place: (draw(2**63, *key, place), place))
    return [among[place] for place in sorted(ranked[:count])]

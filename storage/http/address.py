"""The address of a server: one form for all ways to write it, and whether it could be overheard."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from core.ports import StorageError
from core.refusal import Refusal


def is_loopback(host: str) -> bool:
    """Say whether a name or an address is this very machine's."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def canonical(url: str) -> str:
    """Give one form for all ways to write a server's address.

    Raises:
        StorageError: ``server_url``, it is none; ``server_plain``, what is said there could be overheard.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise StorageError(Refusal("server_url", "storage")) from None
    is_odd = parts.username is not None or parts.query or parts.fragment or not url.isascii()
    if parts.scheme not in ("http", "https") or not host or is_odd or not url.isprintable() or " " in url:
        raise StorageError(Refusal("server_url", "storage"))
    if parts.scheme == "http" and not is_loopback(host):
        raise StorageError(Refusal("server_plain", "storage", {"server": host}))
    usual = {"http": 80, "https": 443}[parts.scheme]
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{place}{'' if port in (None, usual) else f':{port}'}{parts.path.rstrip('/')}"

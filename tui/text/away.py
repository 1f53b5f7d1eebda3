"""What is said while the storage is away: since when, what cannot be read, that nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import _
from tui.text.dates import clock

if TYPE_CHECKING:
    from datetime import datetime


def of_away(since: datetime, read_at: datetime, *, server: bool) -> str:
    """Say since when there is no contact, and when what is shown was read."""
    times = {"since": clock(since), "read_at": clock(read_at)}
    if server:
        return _("No contact with the server since {since}. What is shown was read {read_at}.", **times)
    return _("No contact with the database since {since}. What is shown was read {read_at}.", **times)


def of_loss(*, server: bool) -> str:
    """Say that the contact was lost, and what that means."""
    if server:
        return _("No contact with the server. Nothing can be written until it is back; your draft stays.")
    return _("No contact with the database. Nothing can be written until it is back; your draft stays.")


def of_return(*, server: bool) -> str:
    """Say that there is contact again."""
    if server:
        return _("Contact with the server again; what is shown is read again.")
    return _("Contact with the database again; what is shown is read again.")


def not_read(*, server: bool) -> str:
    """Say in the place of what was asked for that it cannot be read."""
    if server:
        return _("This could not be read: there is no contact with the server. It comes by itself.")
    return _("This could not be read: there is no contact with the database. It comes by itself.")


def not_written(since: datetime, *, server: bool) -> str:
    """Say that nothing is written while there is no contact."""
    time = clock(since)
    if server:
        return _("Nothing was written: no contact with the server since {since}.", since=time)
    return _("Nothing was written: no contact with the database since {since}.", since=time)

"""Which rooms there are, each loaded when somebody first goes there, and where a role begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.screens.users import UsersRoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen


def _permissions_room() -> Screen[None]:
    # Deferred: the first frame shows the list of users, and needs no other room.
    from tui.screens.permissions import PermissionsRoom

    return PermissionsRoom()


def _news_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.news import NewsRoom

    return NewsRoom()


def _writes_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.writes import WritesRoom

    return WritesRoom()


def _support_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.support import SupportRoom

    return SupportRoom()


def _own_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.own import OwnRoom

    return OwnRoom()


def _search_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.search import SearchRoom

    return SearchRoom()


def _catalogue_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.catalogue import CatalogueRoom

    return CatalogueRoom()


ROOMS: Final[dict[str, str | Callable[[], Screen[Any]]]] = {
    "users": UsersRoom,
    "permissions": _permissions_room,
    "news": _news_room,
    "writes": _writes_room,
    "support": _support_room,
    "own": _own_room,
    "search": _search_room,
    "catalogue": _catalogue_room,
}
"""By the names that the registry of actions has them under; the first frame shows the list of users."""

FIRST_ROOMS = {"support": "search", "user": "own"}
"""Where a role begins, when it is not with the list of users that the first frame shows."""

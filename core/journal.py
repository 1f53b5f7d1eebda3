"""What is noted beside the history: who has looked at what, and how somebody wants it to look.

Nobody's permissions change by it.

The history tells what happened to an organisation, and its chain proves it. That somebody has looked at
something happens a hundred times as often, may be forgotten one day and is undone by nobody: it is kept
apart. Each kind of note declares which roles leave it; a kind that does not fails when this module is
imported (DESIGN 4.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from core.directory import Role
from core.identity import Id
from core.preferences import Profile, Switches
from core.refusal import Refusal

if TYPE_CHECKING:
    from core.directory import Account, Actor
    from core.ports import Refused
    from core.queries import Query


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One note. ``left_by`` says which roles leave it, each about an organisation in the own scope.

    ``is_own`` says that it is about the own account: of another organisation even support leaves none.
    """

    left_by: ClassVar[frozenset[Role]]
    is_own: ClassVar[bool] = False
    organisation_id: Id

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a kind that does not say who leaves it."""
        super().__init_subclass__(**options)
        if "left_by" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} must declare left_by: the roles that leave it")


class CardSeen(Entry, frozen=True, kw_only=True, tag="card_seen"):
    """Support has looked at the card of a person: the access log of ``docs/architecture.md``."""

    left_by = frozenset({Role.SUPPORT})
    account_id: Id


class AnnouncementsRead(Entry, frozen=True, kw_only=True, tag="announcements_read"):
    """The one who leaves it has read announcements, at most :data:`MOST_READ` in one note."""

    left_by = frozenset({Role.ADMINISTRATOR, Role.SUPPORT})
    announcement_ids: tuple[Id, ...]


class AnnouncementHandled(Entry, frozen=True, kw_only=True, tag="announcement_handled"):
    """An administrator says that the organisation has done its part of an announcement, or has not."""

    left_by = frozenset({Role.ADMINISTRATOR})
    announcement_id: Id
    is_done: bool = True


class PreferencesChosen(Entry, frozen=True, kw_only=True, tag="preferences_chosen"):
    """The one who leaves it wants the program to look so from now on; the last word counts."""

    left_by = frozenset({Role.ADMINISTRATOR, Role.SUPPORT, Role.USER})
    is_own = True
    profile: Profile
    switches: Switches = Switches()


def what_is_seen(query: Query[Any], actor: Actor) -> CardSeen | None:
    """Give the note that is kept before a question is answered, ``None`` where there is none to keep."""
    if not query.is_logged or actor.role is not Role.SUPPORT:
        return None
    organisation_id, account_id = (
        str(getattr(query, name, "")) for name in ("organisation_id", "account_id")
    )
    return CardSeen(organisation_id=Id(organisation_id), account_id=Id(account_id))


def why_not_shown(refused: Refused | None) -> Refusal | None:
    """Tell why nothing is shown when the note was refused; of what is not there none is needed."""
    if refused is None or refused.refusals[0].code == "not_found":
        return None
    return refused.refusals[0]


MOST_READ = 500

ENTRIES: tuple[type[Entry], ...] = tuple(Entry.__subclasses__())
AnyEntry = CardSeen | AnnouncementsRead | AnnouncementHandled | PreferencesChosen


def why_not_entry(entry: Entry, actor: Actor, account: Account | None) -> Refusal | None:
    """Tell why a note may not be left, or ``None``; ``account`` is the actor's own as it is now."""
    if actor.role is not Role.INSTALLATION and (
        account is None or not account.active or account.role is not actor.role
    ):
        return Refusal("actor_gone", actor.account_id)
    everywhere = actor.role in (Role.SUPPORT, Role.INSTALLATION) and not entry.is_own
    if not everywhere and entry.organisation_id != actor.organisation_id:
        return Refusal("not_found", entry.organisation_id)
    if actor.role not in entry.left_by:
        return Refusal(
            "not_your_role", "", {"change": str(entry.__struct_config__.tag), "role": actor.role.value}
        )
    return None

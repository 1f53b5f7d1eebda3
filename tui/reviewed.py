"""What a changeset will do, in sentences: what stands in the way, what to look at first, and each change.

The screen, the commands and the menu show the same points, so that nobody reviews something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import changes as c
from core.queries import WriteRow, Writes
from tui.since import told_since
from tui.text.refusals import sentence
from tui.text.sentences import Words, of_caution, of_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.draft import Stale
    from core.queries import AccountRow
    from core.refusal import Refusal
    from tui.desk import Desk

SIGNS = {
    c.Grant: "+",
    c.RegisterAccount: "+",
    c.ReregisterAccount: "+",
    c.Revoke: "-",
    c.DeregisterAccount: "-",
}

DONE_ALREADY = frozenset({"already_granted", "not_granted"})
"""Refusals of a cell that is as it was wished: there is nothing to keep."""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the review: something in the way (``!``), a caution (``?``) or a change (``+ - ~``)."""

    key: str
    sign: str
    text: str
    role: str
    stale: Stale | None = None
    change: c.AnyChange | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The points of a changeset with what they were made of.

    ``rows`` are the accounts concerned as they are, by id; ``undone`` is the write that is taken back, where
    it is one.
    """

    points: tuple[Point, ...]
    rows: dict[str, AccountRow]
    organisation_name: str
    undone: WriteRow | None = None

    @property
    def stands_in_the_way(self) -> bool:
        """Whether something keeps it from being written."""
        return any(point.sign == "!" for point in self.points)


def change_points(changeset: c.Changeset, words: Words, desk: Desk) -> list[Point]:
    """Give a point for each change, nothing checked."""
    points: list[Point] = []
    for place, change in enumerate(changeset.changes):
        text = of_change(change, words, desk.draft)
        sign = SIGNS.get(type(change), "~")
        role = "staged-remove" if sign == "-" else "staged-add"
        points.append(Point(f"change-{place}", sign, text, role, change=change))
    return points


async def review(
    desk: Desk, changeset: c.Changeset, *, from_draft: bool, refusals: Sequence[Refusal] = ()
) -> Reviewed:
    """Read what is true now, and say what a write would do to it.

    ``from_draft`` says that it is the desk's draft, of which what went stale is told with who did what;
    ``refusals`` are those of a write that was just tried.

    Raises:
        StorageError: it cannot be read.
    """
    ids = frozenset(str(change.account_id) for change in changeset.changes if hasattr(change, "account_id"))
    undone = None
    if changeset.undoes is not None:
        query = Writes(organisation_id=changeset.organisation_id, changeset_id=changeset.undoes)
        undone = next(iter((await desk.service.ask(query)).rows), None)
    await desk.load()
    rows = await desk.service.rows(changeset.organisation_id, ids)
    # Of an organisation that is only to be there can nothing be asked.
    founded = next((each for each in changeset.changes if isinstance(each, c.RegisterOrganisation)), None)
    organisation_name = (
        await _name_of(desk, changeset.organisation_id) if founded is None else str(founded.name)
    )
    newcomers = {
        str(each.account_id): f"{each.given_name} {each.family_name}"
        for each in changeset.changes
        if isinstance(each, c.RegisterAccount)
    }
    words = Words(desk.catalogue, desk.today, {**newcomers, **desk.names(rows)})
    points: list[Point] = []
    stale = await desk.service.stale(desk.draft) if from_draft else ()
    for place, each in enumerate(stale):
        text = await stale_text(desk, each, words)
        points.append(Point(f"stale-{place}", "!", text, "error", stale=each))
    if not stale:
        decision = await desk.service.rehearse(changeset) if changeset.changes else None
        found = list(refusals) or list(() if decision is None else decision.refusals)
        for place, refusal in enumerate(found):
            names = {
                **words.names,
                **{each.id: each.name_on(desk.today) for each in desk.catalogue.permissions},
                str(changeset.organisation_id): organisation_name,
            }
            points.append(Point(f"refusal-{place}", "!", sentence(refusal, names), "error"))
    others = {each.account_id for each in stale}
    cautions = await desk.service.cautions(changeset) if founded is None else ()
    for place, caution in enumerate(cautions):
        if caution.account_id and caution.account_id in others:
            continue  # what it was about is no longer so; the line with ! says what is
        points.append(Point(f"caution-{place}", "?", of_caution(caution, words), "warning"))
    points += change_points(changeset, words, desk)
    return Reviewed(tuple(points), rows, organisation_name, undone)


async def _name_of(desk: Desk, organisation_id: str) -> str:
    if desk.detail is not None and desk.detail.organisation.id == organisation_id:
        return desk.detail.organisation.name
    return (await desk.service.organisation(organisation_id)).organisation.name


async def stale_text(desk: Desk, stale: Stale, words: Words) -> str:
    """Say what another person did to what is staged here: the rule, then who, when and what."""
    names = {**words.names, **{each.id: each.name_on(desk.today) for each in desk.catalogue.permissions}}
    if stale.now is not None:
        names[stale.now.id] = stale.now.name
    parts = [sentence(stale.refusal, names)]
    account_id = stale.account_id if stale.now is None else stale.now.id
    since = await told_since(
        desk.service, desk.organisation_id, account_id, stale.permission_id, desk.catalogue, desk.today
    )
    if since:
        parts.append(since)
    return " ".join(parts)

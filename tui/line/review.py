"""The review of a write: what it would do, a sentence for each change, and what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.draft import Amendment, Draft
from core.history import details_of
from core.queries import Writes
from core.staleness import is_stale
from core.text import shown
from tui.line.outcome import changes_fields, ended
from tui.line.output import Form, Output
from tui.since import told_since
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.dates import moment
from tui.text.sentences import of_caution, of_change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from core.changes import AnyChange, Changeset
    from core.queries import AccountRow
    from core.refusal import Refusal
    from core.service import Service
    from tui.line.session import SignedIn
    from tui.line.work import Work
    from tui.line.write_options import Wishes


class Review:
    """What a changeset would do: a sentence each, what to look at first, and what stands in the way.

    ``names`` are those for refusals by id, ``since`` tells by the place of a refusal who changed what.
    """

    def __init__(
        self,
        changeset: Changeset,
        heading: str,
        sentences: Sequence[str],
        cautions: Sequence[str],
        refusals: Sequence[Refusal],
        names: Mapping[str, str],
        since: Mapping[int, str],
    ) -> None:
        self.changeset = changeset
        self.heading = heading
        self.sentences = tuple(sentences)
        self.cautions = tuple(cautions)
        self.refusals = tuple(refusals)
        self.names = names
        self.since = since

    def tell(self, wishes: Wishes, only: Set[AnyChange] | None = None) -> None:
        """Say the review; looked at alone it is data, and goes to stdout. ``only`` keeps some changes."""
        self.tell_heading()
        for caution in self.cautions:
            say(_("Look: {caution}", caution=ended(caution)))
        if wishes.dry_run:
            self.tell_changes(Form.JSON if wishes.json else Form.LINES, only)
        else:
            for _change, text in self._kept(only):
                say(f"  {text}")

    def tell_heading(self) -> None:
        """Say what it is that is looked at, and the note that goes with it."""
        say(self.heading)
        if self.changeset.note:
            say(_("Note: {note}", note=shown(self.changeset.note)))

    def tell_changes(self, form: Form, only: Set[AnyChange] | None = None) -> None:
        """Write the changes to stdout, a row each; ``only`` keeps some of them."""
        with Output(form, "changes", changes_fields()) as output:
            for change, text in self._kept(only):
                values = {
                    "sentence": text,
                    "change": str(change.__struct_config__.tag),
                    "account": str(getattr(change, "account_id", "")),
                    "permission": str(getattr(change, "permission_id", "")),
                }
                output.row(values, text)

    def _kept(self, only: Set[AnyChange] | None) -> list[tuple[AnyChange, str]]:
        return [
            (change, ended(text))
            for change, text in zip(self.changeset.changes, self.sentences, strict=True)
            if only is None or change in only
        ]


async def reviewed(
    here: SignedIn, changeset: Changeset, work: Work, refusals: Sequence[Refusal] = ()
) -> Review:
    """Ask the rules what they say of a changeset, and put what it would do into words.

    ``refusals`` are those that a write was answered with; without, it is rehearsed.
    """
    service, desk = here.service, work.desk
    ids = frozenset(str(each.account_id) for each in changeset.changes if hasattr(each, "account_id"))
    rows = await service.rows(changeset.organisation_id, ids)
    words = work.words(rows)
    found = tuple(refusals) or (await service.rehearse(changeset)).refusals
    names = {
        **words.names,
        **{each.id: each.name_on(desk.today) for each in desk.catalogue.permissions},
        **{each.id: each.name for each in desk.catalogue.e_services},
        str(changeset.organisation_id): work.name,
    }
    since: dict[int, str] = {}
    for place, refusal in enumerate(found):
        account_id = str(refusal.params.get("account_id", refusal.subject))
        if is_stale(refusal, was_accepted=True) and account_id in rows:
            permission_id = refusal.params.get("permission_id")
            since[place] = await told_since(
                service,
                changeset.organisation_id,
                account_id,
                None if permission_id is None else str(permission_id),
                desk.catalogue,
                desk.today,
            )
    # An organisation that is not there yet has nobody to be careful about.
    cautions = () if found or work.desk.detail is None else await service.cautions(changeset)
    draft = _with_before(work, changeset, rows)
    return Review(
        changeset,
        await _heading(service, changeset, work.name),
        [of_change(each, words, draft) for each in changeset.changes],
        [of_caution(each, words) for each in cautions],
        found,
        names,
        since,
    )


def _with_before(work: Work, changeset: Changeset, rows: Mapping[str, AccountRow]) -> Draft:
    """Give a draft that knows the details before each amendment, from which sentences say the way.

    They are those that the storage has: what a plan's file says was seen, anybody may have written there.
    """
    draft = work.desk.draft
    amendments = dict(draft.amendments)
    for change in changeset.changes:
        row = rows.get(getattr(change, "account_id", ""))
        if isinstance(change, c.AmendAccount) and row is not None:
            amendments[change.account_id] = Amendment(change=change, before=details_of(row.account))
    return msgspec.structs.replace(draft, amendments=amendments)


async def _heading(service: Service, changeset: Changeset, organisation: str) -> str:
    count = len(changeset.changes)
    if changeset.undoes is None:
        return ngettext(
            "Review {count} change in {organisation}",
            "Review {count} changes in {organisation}",
            count,
            organisation=shown(organisation),
        )
    query = Writes(organisation_id=changeset.organisation_id, changeset_id=changeset.undoes)
    undone = next(iter((await service.ask(query)).rows), None)
    return ngettext(
        "Undo what {name} wrote {moment}, {count} change",
        "Undo what {name} wrote {moment}, {count} changes",
        count,
        name="?" if undone is None else shown(undone.by),
        moment="?" if undone is None else moment(undone.at),
    )

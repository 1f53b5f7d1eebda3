"""What a write came to, in a sentence and as a document: a receipt, nothing left to do, or refusals."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.staleness import all_stale, is_stale
from core.text import shown
from core.undo import NEVER_UNDONE
from tui.line.output import Field, Form, Output
from tui.session import REFUSED, STALE, StartError
from tui.terminal import as_decided, say
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.dates import moment
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from core.changes import Changeset, Receipt
    from core.refusal import Refusal
    from tui.line.write_options import Wishes

RECEIPT = tuple(
    Field(name, name)
    for name in (
        *("changeset", "organisation", "first_number", "last_number", "written_at", "repeated"),
        "changes",
    )
)


def tell_receipt(receipt: Receipt, changeset: Changeset, organisation: str, *, as_json: bool) -> None:
    """Say what was written, when, under which numbers, and how to undo it."""
    count = len(changeset.changes)
    values = {
        "organisation": shown(organisation),
        "moment": moment(receipt.written_at),
        "events": _numbers(receipt),
    }
    if receipt.repeated:
        told = _(
            "It is written already, {moment} in {organisation}, {events}; nothing more is written.", **values
        )
    else:
        told = ngettext(
            "{count} change is written, {moment} in {organisation}, {events}.",
            "{count} changes are written, {moment} in {organisation}, {events}.",
            count,
            **values,
        )
    if not any(isinstance(each, NEVER_UNDONE) for each in changeset.changes):
        told += " " + _("behorig undo {id} undoes it.", id=receipt.changeset_id)
    say(told)
    if as_json:
        with as_decided(), Output(Form.JSON, "receipt", RECEIPT) as output:
            output.row(
                {
                    "changeset": receipt.changeset_id,
                    "organisation": receipt.organisation_id,
                    "first_number": receipt.first_number,
                    "last_number": receipt.last_number,
                    "written_at": receipt.written_at,
                    "repeated": receipt.repeated,
                    "changes": count,
                },
                told,
            )


def changes_fields() -> tuple[Field, ...]:
    """Give the fields of a change that is looked at or staged."""
    return (
        Field("sentence", _("What will happen")),
        Field("change", _("Kind")),
        Field("account", _("Account")),
        Field("permission", _("Permission")),
    )


def tell_nothing(wishes: Wishes) -> None:
    """Write the document in which nothing stands: for a program, that nothing was left to do is an answer."""
    if not wishes.json:
        return
    is_written = not wishes.dry_run and wishes.plan is None
    kind, fields = ("receipt", RECEIPT) if is_written else ("changes", changes_fields())
    with as_decided(), Output(Form.JSON, kind, fields):
        pass


def _numbers(receipt: Receipt) -> str:
    """Say under which numbers of the organisation's chain the events stand."""
    first, last = number_text(receipt.first_number), number_text(receipt.last_number)
    if first == last:
        return _("event {number}", number=first)
    return _("events {first} to {last}", first=first, last=last)


def tell_refusals(
    refusals: Sequence[Refusal],
    names: Mapping[str, str],
    since: Mapping[int, str],
    *,
    was_accepted: bool,
    as_json: bool,
) -> int:
    """Say why nothing was written; the exit code tells whether looking anew helps."""
    texts = [
        " ".join(part for part in (sentence(each, names), since.get(place, "")) if part)
        for place, each in enumerate(refusals)
    ]
    for text in dict.fromkeys(texts):
        say(text)
    stale = all_stale(refusals, was_accepted=was_accepted)
    if stale:
        say(_("Nothing is written: what was seen is no longer so. Look anew, and decide again."))
    else:
        say(_("Nothing is written."))
    if as_json:
        old = [is_stale(each, was_accepted=was_accepted) for each in refusals]
        _document(zip(refusals, texts, old, strict=True))
    return STALE if stale else REFUSED


def _document(refusals: Iterable[tuple[Refusal | None, str, bool]]) -> None:
    """Write refusals, each with its sentence and whether it is stale; ``None`` is one without a code."""
    fields = [Field(name, name) for name in ("code", "subject", "sentence", "stale")]
    with as_decided(), Output(Form.JSON, "refusals", fields) as output:
        for each, text, stale in refusals:
            code, subject = ("", "") if each is None else (each.code, each.subject)
            output.row({"code": code, "subject": subject, "sentence": text, "stale": stale}, text)


@contextmanager
def documented(*, as_json: bool) -> Generator[None]:
    """Have a document for what ends a write with 1 or 4, also where it comes before any rule is asked."""
    try:
        yield
    except StartError as error:
        if as_json and error.exit_code in (REFUSED, STALE):
            _document([(error.refusal, error.sentence, error.exit_code == STALE)])
        raise


def ended(text: str) -> str:
    """Give a sentence with one full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."

"""The options of every command that writes, as types for Cyclopts."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from tui.line.options import FILE, value
from tui.text import _


def hyphen_too(kind: str, purpose: str, name: str | None = None) -> Parameter:
    """Describe an option that takes a value, and a hyphen as well: stdin, or nothing."""
    return Parameter(name=name, metavar=kind, help=purpose, allow_leading_hyphen=True)


Yes = Annotated[
    bool, Parameter(negative="", help=_("Write without a question; needed where nobody can be asked."))
]
DryRun = Annotated[bool, Parameter(negative="", help=_("Show what would be written, and write nothing."))]
Json = Annotated[bool, Parameter(negative="", help=_("Write the receipt as JSON on stdout."))]
Remark = Annotated[str | None, value(_("TEXT"), _("A note with the write, such as a case number."), "--note")]
People = Annotated[
    str | None,
    hyphen_too(FILE, _("A list to read, a person a line, or CSV with headings; - reads stdin."), "--file"),
]
In = Annotated[
    str | None,
    value(_("ORGANISATION"), _("The organisation that it is about, for support: name, code or id."), "--in"),
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Wishes:
    """How a write shall be made: asked about or not, at once or into a plan."""

    plan: Annotated[
        str | None,
        value(FILE, _("Stage it into this plan, for behorig apply, and write nothing now.")),
    ] = None
    yes: Yes = False
    dry_run: DryRun = False
    json: Json = False
    note: Remark = None


AS_USUAL = Wishes()
"""Reviewed, asked about and written at once."""

"""The list and the matrix in words: name first, then what matters with its label, one thing at a time.

For a screen reader, a braille line and a magnifier: each has some forty cells of a row, from its beginning.
So there are no columns of signs; the matrix shows one permission at a time, and left and right change which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from core.text import shown
from tui.people import Folded, ListModel, MatrixModel, folded_blocked, folded_count, past_count, row_sign
from tui.screens.matrix_texts import count_words, state_words
from tui.text import N_, _
from tui.text.plain import wrap
from tui.widgets.columns import Column
from tui.widgets.rows import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from core.catalogue import Permission
    from core.queries import AccountRow
    from tui.desk import Desk
    from tui.people import People

NAME = 20
"""Cells of a name; with the state of a cell it stands within the first forty."""

SIGN = Column("sign", "", 0)
"""Where the signs stand otherwise: what they say is said after the name."""

_SIGN_WORDS = {
    "!": N_("no longer fits"),
    "+": N_("new"),
    "-": N_("leaving"),
    "~": N_("changed"),
}


def list_columns(room: int) -> tuple[Column, ...]:
    """Give the columns of the list of users, in a table of ``room`` cells.

    Behind the name each is as wide as all the room there is: one is in view at a time, and cuts nothing.
    """
    width = _beside_names(room)
    count = PARTS if width > NARROW_PART else PARTS_IF_NARROW
    rest = [_continued(place, width) for place in range(1, count)]
    heading = _("Permissions, HSA-id, e-mail")
    # In a narrow window the others begin further to the right.
    first = Column("permissions", heading if cell_len(heading) <= width else _("Permissions"), width)
    return (SIGN, Column("name", _("Name"), NAME), first, *rest)


def labelled(label: str, words: str) -> str:
    """Say something after its label."""
    return _("{label}: {words}", label=label, words=words)


PARTS, PARTS_IF_NARROW = 2, 8
"""Columns that what is said of a person is laid out over, behind the name."""
NARROW_PART = 30


def _beside_names(room: int) -> int:
    """Give the cells that are left beside the names, which take half of a narrow table at most."""
    return max(1, room - min(NAME + 2, max(10, room // 2)))


def laid_out(parts: Sequence[str], width: int, count: int) -> list[str]:
    """Lay what is said out over ``count`` columns: what fits stands together, nothing is cut between two.

    What is longer than a column is broken at a blank. What is beyond the last column stands in it, cut.
    """
    found: list[str] = []
    line = ""
    for part in parts:
        longer = f"{line}  {part}" if line else part
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            found.append(line)
        *before, line = wrap(part, width) or [""]
        found += before
    found.append(line)
    if len(found) > count:
        found[count - 1 :] = [" ".join(found[count - 1 :])]
    return found + [""] * (count - len(found))


class ListInWords(ListModel):
    """The list of users in the columns of :func:`list_columns`, which ``columns`` gives as they are now."""

    def __init__(self, people: People, columns: Callable[[], Sequence[Column]]) -> None:
        """Say the people in words."""
        super().__init__(people)
        self._columns = columns

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        _sign, name, hsa_id, email, count = super().row(index)
        now, _arrow, after = count.text.partition(">")
        permissions = _("Permissions: {count}", count=now)
        if after:
            permissions = _("Permissions: {count}, will be {after}", count=now, after=after)
        row = self.people.rows[index]
        state = [] if self.people.as_of is not None else row_words(self.people.desk, row.account.id)
        if not row.account.active:
            state.append(_("deregistered"))
        parts = (
            _(", ").join([permissions, *state]),
            labelled(_("HSA-id"), hsa_id.text),
            labelled(_("E-mail"), email.text),
        )
        columns = self._columns()[2:]
        texts = laid_out(parts, columns[0].width, len(columns))
        said = Cell("", whole=in_sentences((name.text, *parts)))
        return (said, name, *(Cell(text, name.role) for text in texts))


class MatrixInWords(MatrixModel):
    """The matrix with the state of each cell in words, after the short name of its column."""

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        desk, row = self.people.desk, self.people.rows[index]
        past = self.people.as_of
        _sign, name, *cells = super().row(index)
        rest = [] if past is not None else row_words(desk, row.account.id)
        found = [Cell(""), name]
        for column, cell in zip(self.columns, cells, strict=True):
            if isinstance(column, Folded):
                label, words = _("Folded"), _folded_words(desk, row, column, past)
            else:
                label, words = column.short_name, cell_words(desk, row, column, past)
            text = labelled(label, _(", ").join([words, *rest]))
            found.append(Cell(text, cell.role))
        return found


def matrix_columns(
    matrix: Sequence[Permission | Folded], ids: Sequence[str], e_services: Sequence[str], day: date, room: int
) -> list[Column]:
    """Give the columns of the matrix, each as wide as all the room there is: one is in view at a time.

    ``room`` are the table's cells, of which the names take half at most. Where that leaves little, a
    permission's name goes over both lines of the heading.
    """
    width = _beside_names(room)
    columns = [SIGN, Column("name", _("Name"), NAME)]
    for each, id, e_service in zip(matrix, ids, e_services, strict=True):
        name = e_service if isinstance(each, Folded) else each.name_on(day)
        launched = any(one.launched_on == day for one in _permissions(each))
        heading = _("{name}, launched today", name=name) if launched else name
        above = e_service
        if width < NARROW_PART:
            # Which permission it is matters more than its e-service, of which the start would stand there.
            first, *rest = wrap(heading, width) or [""]
            above, heading = (first, " ".join(rest)) if rest else ("", first)
        columns.append(Column(id, heading, width, group=above, title=name))
    return columns


def line_columns(room: int, heading: str) -> tuple[Column, ...]:
    """Give the columns of a list whose rows are each said in one go, in a table of ``room`` cells."""
    return (
        Column("words", heading, max(1, room)),
        *(_continued(place, max(1, room)) for place in range(1, LINE_PARTS)),
    )


def _continued(place: int, width: int) -> Column:
    return Column(f"part-{place}", _("Continued"), width, continues=True)


LINE_PARTS = 4
"""Columns of :func:`line_columns`; with four of forty cells the longest names are read whole."""


def line_cells(parts: Sequence[str], role: str, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """Lay a row that is said in one go out over the columns of :func:`line_columns`."""
    first, *rest = laid_out(parts, columns[0].width, len(columns))
    return (Cell(first, role, in_sentences(parts)), *(Cell(each, role) for each in rest))


def in_sentences(parts: Sequence[str]) -> str:
    """Give parts as sentences: in one go without stops they would be read out as one."""
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def permission_text(permission: Permission, state: str, today: date) -> str:
    """Say which permission and how it stands; the short name first, as the longest fill two braille lines."""
    return _(
        "{short_name}: {state}, {name}",
        short_name=shown(permission.short_name),
        state=state,
        name=shown(permission.name_on(today)),
    )


def _permissions(column: Permission | Folded) -> tuple[Permission, ...]:
    return column.permissions if isinstance(column, Folded) else (column,)


def row_words(desk: Desk, account_id: str) -> list[str]:
    """Say what the signs before a row say: marked, and what is staged for the person."""
    sign = _SIGN_WORDS.get(row_sign(desk, account_id))
    return [
        *([_("marked")] if account_id in desk.marks else []),
        *([_(sign)] if sign is not None else []),
    ]


def cell_words(desk: Desk, row: AccountRow, permission: Permission, past: date | None) -> str:
    """Say how a cell of the matrix stands; of a day in the ``past`` only whether it was given."""
    if past is not None:
        return _("given") if permission.id in row.all_granted else _("not given")
    state = desk.cell(row, permission)
    if state.staged is not None and desk.stale_cell(row.account.id, permission.id) is not None:
        return _("no longer fits")
    if state.staged is None and state.given and permission.is_retired(desk.today):
        return _("had it to the end")
    if state.staged is None and not state.given and state.blocked is not None:
        return _("cannot be given")
    return state_words(state)


def _folded_words(desk: Desk, row: AccountRow, folded: Folded, past: date | None) -> str:
    total = len(folded.permissions)
    if past is not None:
        return _("{given} of {total} given", given=past_count(row, folded), total=total)
    if folded_blocked(desk, row, folded) is not None:
        return _("cannot be given")
    return _(", ").join(count_words(folded_count(desk, row, folded), total))

"""A table that draws only the lines in view, whatever the number of rows: under the list and the matrix.

The table is a window on a *model* that the screen gives: `TableModel` says how many rows are loaded and what
stands in each. The table never loads, awaits or keeps rows; when its picture nears an end of what is loaded
it posts `Table.NearEnd`, the screen loads more, changes its model and calls `rows_added`.

Two ways to move: with `cursor="row"` the whole row is the cursor (a list; left and right scroll sideways),
with `cursor="cell"` one cell is (a matrix; the frozen columns are its row headings and are not entered).

Costs: a move repaints two lines, `refresh_row` one. When the cursor leaves the picture the picture jumps by
half its height rather than by one line, so that holding a key down a slow line costs a page now and then
instead of a page at each step. Drawn lines are kept by row key until the screen says that a row changed.

It is a Widget and not a ScrollView: what scrolls is an index of rows, so there is no virtual size whose
every change would lay out the screen anew, no scroll bar, and no animation to switch off.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple, Self, TypeAlias

import msgspec
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.text.plain import fit, wrap
from tui.themes import CELL_ROLES
from tui.widgets import messages
from tui.widgets.columns import Column
from tui.widgets.lines import group_line, heading_line, row_line, text_line
from tui.widgets.rows import Cell, TableModel
from tui.widgets.view import Cursor, Direction, Place, View

# Rows whose drawn lines are kept: some pages in either direction.
_KEPT_ROWS = 160
_WHEEL_ROWS = 3

WIDTH_BENEATH = 48
"""Cells of a line that is told beneath the cursor's row: about what a magnifier shows at a time."""

MARKER = ">"
"""The sign before the row under the cursor."""


class UnderCursor(NamedTuple):
    """The row of the model and the column under the cursor; `key` is None when there are no rows."""

    row: int
    column: int
    key: str | None


class Table(Widget, can_focus=True):
    """The table. Keys: arrows, page up and down, home, end, enter (bindings `table.*`).

    A change of the model and the call that tells of it (`model_changed`, `rows_added`, `refresh_row`) belong
    together without an await between them.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--row",
        "table--cursor",
        "table--cursor-blurred",
        "table--heading",
        "table--heading-cursor",
        *(f"table--{role}" for role in CELL_ROLES),
    }

    DEFAULT_CSS = """
    Table {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    Table > .table--row { background: $row-background; text-style: $row-style; }
    Table > .table--cursor {
        color: $cursor-foreground; background: $cursor-background; text-style: $cursor-style;
    }
    Table > .table--cursor-blurred {
        color: $cursor-blurred-foreground; background: $cursor-blurred-background;
        text-style: $cursor-blurred-style;
    }
    Table > .table--heading {
        color: $heading-foreground; background: $heading-background; text-style: $heading-style;
    }
    Table > .table--heading-cursor {
        color: $heading-cursor-foreground; background: $heading-cursor-background;
        text-style: $heading-cursor-style;
    }
    """ + "\n".join(f"Table > .table--{role} {{ color: $cell-{role}; }}" for role in CELL_ROLES) + """
    Table > .table--staged-add, Table > .table--staged-remove { text-style: $cell-staged-style; }
    """  # fmt: skip

    # Without descriptions: the program's registry of actions tells what they do, in the reader's language.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False, id="table.cursor_up"),
        Binding("down", "cursor_down", show=False, id="table.cursor_down"),
        Binding("left", "cursor_left", show=False, id="table.cursor_left"),
        Binding("right", "cursor_right", show=False, id="table.cursor_right"),
        Binding("pageup", "page_up", show=False, id="table.page_up"),
        Binding("pagedown", "page_down", show=False, id="table.page_down"),
        Binding("home", "home", show=False, id="table.home"),
        Binding("end", "end", show=False, id="table.end"),
        Binding("enter", "activate", show=False, id="table.activate"),
    ]

    Activated: TypeAlias = messages.Activated
    NearEnd: TypeAlias = messages.NearEnd
    Edge: TypeAlias = messages.Edge

    under_cursor = reactive(UnderCursor(0, 0, None), repaint=False, init=False, always_update=True)
    """What the cursor stands on. Told at every move: who watches it is called at once, and so what it tells
    of the row comes in the same frame as the row; a message would arrive a frame later."""

    def __init__(
        self,
        columns: Sequence[Column],
        model: TableModel,
        *,
        cursor: Cursor = "row",
        frozen: int = 1,
        empty_text: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a table; the first `frozen` of its columns stay in view while the others scroll sideways.

        `empty_text` stands in the table while the model has no rows: say there why it is empty.
        """
        super().__init__(id=id, classes=classes)
        self._model = model
        self._frozen = frozen
        self._empty_text = empty_text
        self._columns = tuple(columns)
        self._header_height = _header_height(self._columns)
        self._view = View(self._columns, frozen, cursor, model.row_count())
        self._key = model.row_key(0) if model.row_count() else None
        self._fitted = Size(0, 0)
        self._focus_changes = False
        self._told: set[Direction] = set()
        self._strips: LRUCache[str, dict[int, Strip]] = LRUCache(_KEPT_ROWS)
        self._last_read: tuple[str, Sequence[Cell]] | None = None
        self._styles_made: dict[tuple[str, str], Style] = {}
        self._gutter = 0
        """Cells at the left for the sign of the cursor's row."""
        self._gathered = False
        self._beneath = 0
        """Lines beneath the cursor's row in which is told about it."""
        self._told_beneath = ""

    # What the screen asks

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, frozen ones first."""
        return self._columns

    @property
    def cursor_row(self) -> int:
        """The index in the model of the row under the cursor; 0 when there are no rows."""
        return self._view.place.row

    @property
    def cursor_column(self) -> int:
        """The index of the column under the cursor; in a list, of the first that scrolls."""
        return self._view.place.column

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor, or None when there are no rows."""
        return self._key

    @property
    def rows_in_view(self) -> range:
        """The indices of the rows on the screen."""
        return self._view.rows

    @property
    def enters_cells(self) -> bool:
        """Whether the cursor is one cell, as in a matrix, and not the whole row."""
        return self._view.cursor == "cell"

    def row_name(self, index: int) -> tuple[str, str, tuple[str, ...]]:
        """Give the key of a row, what it is called, and what else it says.

        It is called what stands where a list's cursor does.
        """
        cells, place = self._cells(index), max(0, self._view.layout.frozen - 1)
        rest = tuple(each.text.strip() for each in cells[place + 1 :] if each.text.strip())
        return self._model.row_key(index), cells[place].text.strip(), rest

    @property
    def page_rows(self) -> int:
        """How many rows the table has room for, at least 1: a good unit for loading."""
        return max(1, self._view.height)

    @property
    def rows_above(self) -> int:
        """How many rows stand before the first one in view."""
        return self._view.place.top

    @property
    def hidden_columns(self) -> tuple[int, int]:
        """How many columns are out of view, or cut, at the left and at the right.

        Those at the right do not count where no row in view goes on.
        """
        left, right = self._view.hidden_columns
        return left, 0 if right and self._is_blank(len(self._columns) - right) else right

    @property
    def cells_under_cursor(self) -> tuple[Cell, ...]:
        """What stands in the row under the cursor, one for each column; nothing when there are no rows."""
        if not self._view.count:
            return ()
        return tuple(self._cells(self._view.place.row))

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cell of the screen where the hardware cursor belongs: the focused cell, or the row's name."""
        self._fit_size()
        view = self._view
        origin = self.content_region.offset
        y = min(self._header_height + view.place.row - view.place.top, max(0, self.size.height - 1))
        column = view.place.column if view.cursor == "cell" else max(0, view.layout.frozen - 1)
        slot = next((slot for slot in view.slots if slot.column == column), None)
        if slot is None or not view.count:
            return origin + Offset(self._gutter, y)
        cell = self._cells(view.place.row)[column]
        text = fit(cell.text, slot.width, self._columns[column].align)
        indent = len(text) - len(text.lstrip()) if text.strip() else 0
        return origin + Offset(self._gutter + slot.x + indent, y)

    # What the screen tells

    def model_changed(self, *, keep_key: bool = True) -> None:
        """Tell that any rows may have changed, come or gone; everything in view is drawn anew.

        With `keep_key` the cursor stays on the row that it was on, at the same height of the screen; where
        that row is gone it stays at the same number. Without, it goes to the first row.
        """
        self._forget()
        self._take_in_rows(self._row_of_key() if keep_key else 0)
        self._refresh_body()

    def rows_added(self) -> None:
        """Tell that rows were added before the first or after the last, and that no other row changed.

        The cursor stays on its row, and the picture does not move.
        """
        was = self._view.rows
        height = self._view.place.row - self._view.place.top
        self._take_in_rows(self._row_of_key())
        if not was or height != self._view.place.row - self._view.place.top:
            self._refresh_body()
        elif len(was) < self._view.height:
            self._refresh_lines(self._header_height + len(was), self._view.height - len(was))

    def refresh_row(self, key: str) -> None:
        """Tell that a row reads otherwise now. Costs one line, or nothing when it is out of view."""
        self.refresh_rows((key,))

    def refresh_rows(self, keys: Iterable[str]) -> None:
        """Tell that some rows read otherwise now."""
        indices: list[int] = []
        for key in keys:
            self._strips.discard(key)
            self._last_read = None
            index = self._model.index_of(key)
            if index is not None:
                indices.append(index)
        self._refresh_row_lines(*indices)

    def refresh_all(self) -> None:
        """Tell that every row may read otherwise now, while the same rows stand in the same places."""
        self._forget()
        self._refresh_body()

    def set_columns(
        self, columns: Sequence[Column], *, frozen: int | None = None, cursor: str | None = None
    ) -> None:
        """Show other columns; the cursor goes to the column with the id `cursor`.

        Without it, it stays on the column with the same id as now. Where there is no such column it goes to
        the first that it may enter.
        """
        old = cursor or (self._columns[self.cursor_column].id if self._columns else None)
        self._columns = tuple(columns)
        self._header_height = _header_height(self._columns)
        self._frozen = self._frozen if frozen is None else frozen
        self._lay_out()
        column = next((index for index, column in enumerate(self._columns) if column.id == old), 0)
        self._view.move(self.cursor_row, column)
        self._tell_moved()
        self.refresh()

    def dress(self, *, marked: bool = False, gathered: bool = False, beneath: int = 0) -> None:
        """Look otherwise from now on.

        `marked` puts a sign before the row under the cursor, for those to whom its colours say nothing.
        `gathered` lets only the last column grow, so that what matters stands together at the left.
        `beneath` are lines beneath the cursor's row for what `tell_beneath` tells: a magnifier shows little
        more than where the cursor is.
        """
        if (bool(self._gutter), self._gathered, self._beneath) != (marked, gathered, beneath):
            self._gutter, self._gathered, self._beneath = len(MARKER) if marked else 0, gathered, beneath
            self._lay_out()
            self.refresh()

    def tell_beneath(self, text: str) -> None:
        """Tell about the row under the cursor, in the lines beneath it where there are some."""
        if text != self._told_beneath:
            self._told_beneath = text
            if self._lines_beneath:
                y = self._header_height + self._view.place.row - self._view.place.top
                self._refresh_lines(y + 1, self._lines_beneath)

    @property
    def _lines_beneath(self) -> int:
        """The lines that are told in: fewer where the rows themselves would have no room."""
        return min(self._beneath, max(0, (self.size.height - self._header_height - 1) // 2))

    def set_empty_text(self, text: str) -> None:
        """Say why the table is empty; shown while the model has no rows."""
        self._empty_text = text
        if not self._view.count:
            self._refresh_body()

    def move_cursor(self, *, row: int | None = None, column: int | None = None) -> None:
        """Put the cursor on a row and a column, both clamped to what there is, and bring them into view."""
        self._move(self.cursor_row if row is None else row, self.cursor_column if column is None else column)

    def go_to(self, key: str | None = None, column: int | None = None) -> None:
        """Put the cursor on the row with a key, where it still is, and on a column."""
        self.move_cursor(row=None if key is None else self._model.index_of(key), column=column)

    # Keys

    def action_cursor_up(self) -> None:
        """Move to the row above."""
        self._move(self.cursor_row - 1, self.cursor_column)

    def action_cursor_down(self) -> None:
        """Move to the row below."""
        self._move(self.cursor_row + 1, self.cursor_column)

    def action_cursor_left(self) -> None:
        """Move to the cell at the left; in a list, scroll."""
        self._move(self.cursor_row, self.cursor_column - 1)

    def action_cursor_right(self) -> None:
        """Move to the cell at the right; in a list, scroll, but not to where no row in view goes on."""
        if not self._is_blank(self.cursor_column + 1):
            self._move(self.cursor_row, self.cursor_column + 1)

    def _is_blank(self, column: int) -> bool:
        """Say whether a column goes on with a text that ends before it in every row in view."""
        return (
            column < len(self._columns)
            and self._columns[column].continues
            and not any(self._model.row(row)[column].text.strip() for row in self._view.rows)
        )

    def action_page_up(self) -> None:
        """Move a screenful up, with one row in common."""
        self._page(-1)

    def action_page_down(self) -> None:
        """Move a screenful down, with one row in common."""
        self._page(1)

    def action_home(self) -> None:
        """Move to the first row of a list, or to the first cell of the row in a matrix."""
        if self._view.cursor == "cell":
            self._move(self.cursor_row, 0)
        else:
            self._move(0, self.cursor_column)
            self.post_message(self.Edge(self, "before"))

    def action_end(self) -> None:
        """Move to the last row of a list, or to the last cell of the row in a matrix."""
        if self._view.cursor == "cell":
            self._move(self.cursor_row, len(self._columns) - 1)
        else:
            self._move(self._view.count - 1, self.cursor_column)
            self.post_message(self.Edge(self, "after"))

    def action_activate(self) -> None:
        """Tell that the row or cell under the cursor is wanted, or that there is none to want."""
        self.post_message(self.Activated(self, self.cursor_row, self.cursor_column, self._key))

    # The mouse, for those who have switched it on

    def on_click(self, event: events.Click) -> None:
        """Move to the cell that was clicked."""
        y = event.y - self._header_height
        under = y - (self._view.place.row - self._view.place.top)
        row = self._view.place.top + y - (min(under, self._lines_beneath) if under > 0 else 0)
        if event.y >= self._header_height and row in self._view.rows:
            in_matrix = self._view.cursor == "cell"
            self._move(row, self._view.column_at(event.x - self._gutter) if in_matrix else self.cursor_column)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move some rows down."""
        event.stop()
        self._move(self.cursor_row + _WHEEL_ROWS, self.cursor_column)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move some rows up."""
        event.stop()
        self._move(self.cursor_row - _WHEEL_ROWS, self.cursor_column)

    # Moving

    def _move(self, row: int, column: int) -> None:
        before = self._view.place
        self._view.move(row, column)
        self._show_move(before)

    def _page(self, pages: int) -> None:
        before = self._view.place
        self._view.page(pages)
        self._show_move(before)

    def _show_move(self, before: Place) -> None:
        """Repaint what a move changed, and tell of it."""
        now = self._view.place
        if now.leftmost != before.leftmost:
            self._forget()
            self.refresh()
        else:
            if now.top != before.top:
                self._refresh_body()
            elif now.row != before.row and self._lines_beneath:
                # What is told beneath goes along, and so do the rows between.
                first = min(now.row, before.row) - now.top
                lines = abs(now.row - before.row) + 1 + self._lines_beneath
                self._refresh_lines(self._header_height + first, lines)
            elif now.row != before.row:
                self._refresh_row_lines(before.row, now.row)
            elif now.column != before.column:
                self._refresh_cells(self._header_height + now.row - now.top, before.column, now.column)
            if now.column != before.column:
                self._refresh_cells(self._header_height - 1, before.column, now.column)
        if now.row != before.row or now.column != before.column:
            self._key = self._key_now()
            self._tell_moved()
        self._tell_near_ends()

    def _take_in_rows(self, row: int) -> None:
        """Take in a changed model, in which the cursor's row is `row`."""
        self._told.clear()
        self._view.change(self._model.row_count(), row)
        key = self._key_now()
        if key != self._key:
            self._key = key
            self._tell_moved()
        self._tell_near_ends()

    def _row_of_key(self) -> int:
        """Give where the cursor's row stands in the changed model, or its old number when it is gone."""
        found = None if self._key is None else self._model.index_of(self._key)
        return self.cursor_row if found is None else found

    def _key_now(self) -> str | None:
        return self._model.row_key(self.cursor_row) if self._view.count else None

    def _tell_moved(self) -> None:
        self.under_cursor = UnderCursor(self.cursor_row, self.cursor_column, self._key)

    def _tell_near_ends(self) -> None:
        for direction in self._view.near_ends():
            if direction not in self._told:
                self._told.add(direction)
                self.post_message(self.NearEnd(self, direction))

    # Repainting

    def on_focus(self) -> None:
        """Only the row under the cursor tells whether the table has the focus."""
        self._focus_changes = True

    def on_blur(self) -> None:
        """As when it gets the focus."""
        self._focus_changes = True

    def focus(self, scroll_visible: bool = True) -> Self:
        """Ask for the focus, which Textual does with a call for a new picture."""
        self._focus_changes = True
        return super().focus(scroll_visible)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw anew; of what a change of the focus asks for, the whole table, only the cursor's row."""
        if self._focus_changes and not (regions or layout or recompose):
            self._focus_changes = False
            self._refresh_row_lines(self.cursor_row)
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _refresh_lines(self, y: int, height: int) -> None:
        self.refresh(Region(0, y, self.size.width, height))

    def _refresh_cells(self, y: int, *columns: int) -> None:
        """Repaint some cells of one line: a step along a row changes two of them."""
        regions = [
            Region(self._gutter + slot.x, y, slot.width + slot.blank, 1)
            for slot in self._view.slots
            if slot.column in columns
        ]
        if regions:
            self.refresh(*regions)

    def _refresh_body(self) -> None:
        # The heading tells whether any row in view goes on.
        heading = any(column.continues for column in self._columns)
        first = max(0, self._header_height - heading)
        self._refresh_lines(first, self._header_height - first + self._view.height + self._lines_beneath)

    def _refresh_row_lines(self, *rows: int) -> None:
        """Draw the lines of these rows anew, all in one go: each go passes messages of its own."""
        first = self._header_height - self._view.place.top
        lines = [
            Region(0, first + row + (self._lines_beneath if row > self.cursor_row else 0), self.size.width, 1)
            for row in rows
            if row in self._view.rows
        ]
        if lines:
            self.refresh(*lines)

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the columns to the new width, and keep the cursor in view."""
        self._fit_size()
        self._tell_near_ends()

    def _fit_size(self) -> None:
        """Take in a new size; a frame may be drawn before the event that tells of it arrives."""
        if self.size != self._fitted:
            self._fitted = self.size
            self._lay_out()

    def _lay_out(self) -> None:
        height = max(0, self.size.height - self._header_height - self._lines_beneath)
        width = max(0, self.size.width - self._gutter)
        columns = self._columns
        if self._gathered:
            last = len(columns) - 1
            columns = tuple(
                each if place == last else msgspec.structs.replace(each, grow=0)
                for place, each in enumerate(columns)
            )
        self._view.lay_out(columns, self._frozen, width, height)
        self._forget()

    def notify_style_update(self) -> None:
        """Forget what was drawn with the styles that were; Textual calls this when styles change."""
        super().notify_style_update()
        self._styles_made.clear()
        self._forget()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the table; Textual asks for those that need it."""
        self._fit_size()
        width = max(0, self.size.width - self._gutter)
        line = self._line(y, width)
        if not self._gutter:
            return line
        is_here = y - self._header_height == self.cursor_row - self._view.place.top and self._view.count
        sign = text_line(MARKER if is_here else "", self._gutter, self._style_of("normal", ""))
        return Strip([*sign, *line], self._gutter + width)

    def _line(self, y: int, width: int) -> Strip:
        body_y = y - self._header_height
        if body_y < -1:
            return group_line(self._columns, self._view.slots, width, self._style_of)
        if body_y < 0:
            return heading_line(
                self._columns,
                self._view.slots,
                width,
                self._style_of,
                hidden=self.hidden_columns,
                frozen=self._view.layout.frozen,
                cursor=self.cursor_column if self._view.cursor == "cell" else None,
            )
        place = self._view.place
        under = body_y - (place.row - place.top)
        if 0 < under <= self._lines_beneath and self._view.count:
            told = wrap(self._told_beneath, min(width - 2, WIDTH_BENEATH))
            text = "  " + told[under - 1] if under <= len(told) else ""
            if under == self._lines_beneath < len(told):
                # Longer than a line, or it would have been one: so it ends with the sign that there is more.
                text = fit(f"{text} {told[under]}", min(width, WIDTH_BENEATH + 2))
            return text_line(text, width, self._style_of("normal", ""))
        row = place.top + body_y - (self._lines_beneath if under > 0 and self._view.count else 0)
        if row < self._view.count:
            return self._row_strip(row)
        lines = [] if self._view.count else wrap(self._empty_text, width)
        role, text = ("muted", lines[body_y]) if body_y < len(lines) else ("normal", "")
        return text_line(text, width, self._style_of(role, ""))

    def _row_strip(self, row: int) -> Strip:
        """Give a row's line, drawn before or drawn now. What is kept differs only by how the cursor shows."""
        state = 0
        if row == self.cursor_row:
            state = (1 + self.cursor_column if self._view.cursor == "cell" else 1) * (
                1 if self.has_focus else -1
            )
        key = self._model.row_key(row)
        kept = self._strips.get(key)
        if kept is None:
            kept = self._strips[key] = {}
        strip = kept.get(state)
        if strip is None:
            # A row that the cursor walked along has been drawn once for each cell; those are not worth room.
            if len(kept) > 3:
                kept.clear()
            strip = kept[state] = self._drawn_row(row)
        return strip

    def _cells(self, row: int) -> Sequence[Cell]:
        """Read a row, or give it as it was just read: a frame asks again for the row under the cursor."""
        key = self._model.row_key(row)
        if self._last_read is None or self._last_read[0] != key:
            self._last_read = key, self._model.row(row)
        return self._last_read[1]

    def _forget(self) -> None:
        """Forget what was read and drawn of every row."""
        self._strips.clear()
        self._last_read = None

    def _drawn_row(self, row: int) -> Strip:
        ground, cursor = "", None
        if row == self.cursor_row:
            under = "cursor" if self.has_focus else "cursor-blurred"
            ground, cursor = (
                ("row", (self.cursor_column, under)) if self._view.cursor == "cell" else (under, None)
            )
        return row_line(
            self._cells(row),
            self._columns,
            self._view.slots,
            max(0, self.size.width - self._gutter),
            self._style_of,
            ground=ground,
            cursor=cursor,
        )

    def _style_of(self, role: str, over: str) -> Style:
        """Give the style of a role on the plain ground, on the cursor's row, or under the cursor."""
        style = self._styles_made.get((role, over))
        if style is None:
            style = self._styles_made[(role, over)] = self._make_style(role, over)
        return style

    def _make_style(self, role: str, over: str) -> Style:
        if not over:
            return self.get_component_rich_style(f"table--{role}")
        ground = self.get_component_rich_style(f"table--{over}")
        shown = self.get_component_rich_style(f"table--{role}", partial=True)
        # Under the cursor one pair of colours holds for every role: the sign in the cell tells the state.
        return ground + (shown if over == "row" else shown.without_color)


def _header_height(columns: Sequence[Column]) -> int:
    """Give the lines above the rows: headings, headings of groups, or none where no column has any."""
    if any(column.group for column in columns):
        return 2
    return 1 if any(column.heading for column in columns) else 0

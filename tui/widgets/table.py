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
from typing import ClassVar, Literal

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.themes import CELL_ROLES
from tui.widgets.columns import Column, Layout, Slot
from tui.widgets.lines import group_line, heading_line, row_line, text_line
from tui.widgets.plain import fit, wrap
from tui.widgets.rows import TableModel

Cursor = Literal["row", "cell"]
Direction = Literal["before", "after"]

# Rows whose drawn lines are kept: some pages in either direction, about 2 MB at 120 columns.
_KEPT_ROWS = 400


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

    class CursorMoved(Message):
        """The cursor stands on another row or column; `key` is None when there are no rows."""

        def __init__(self, table: "Table", row: int, column: int, key: str | None) -> None:
            """`row` is the index in the model now, `column` the index among the columns."""
            super().__init__()
            self.table = table
            self.row = row
            self.column = column
            self.key = key

        @property
        def control(self) -> "Table":
            """The table, for `@on` with a selector."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Let only the last of a burst arrive: a held key moves faster than a detail pane can follow."""
            return isinstance(message, Table.CursorMoved) and message.table is self.table

    class Activated(Message):
        """Enter was pressed on a row (`column` tells the cell in a matrix)."""

        def __init__(self, table: "Table", row: int, column: int, key: str) -> None:
            """`row` is the index in the model now, `column` the index among the columns."""
            super().__init__()
            self.table = table
            self.row = row
            self.column = column
            self.key = key

        @property
        def control(self) -> "Table":
            """The table, for `@on` with a selector."""
            return self.table

    class NearEnd(Message):
        """Less than a page is left before or after what is loaded; sent once for each window."""

        def __init__(self, table: "Table", direction: Direction) -> None:
            """`direction` tells on which side rows may be missing."""
            super().__init__()
            self.table = table
            self.direction = direction

        @property
        def control(self) -> "Table":
            """The table, for `@on` with a selector."""
            return self.table

    class Edge(NearEnd):
        """The very first or last row was asked for: the cursor stands on the first or last *loaded* one."""

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
        self._cursor: Cursor = cursor
        self._frozen = frozen
        self._empty_text = empty_text
        self._columns = tuple(columns)
        self._arrangement = Layout(self._columns, frozen, 0)
        self._slots: list[Slot] = []
        self._leftmost = self._arrangement.frozen
        self._top = 0
        self._row = 0
        self._column = self._first_column
        self._known_count = model.row_count()
        self._known_key = self._key_at(0)
        self._told: set[Direction] = set()
        self._strips: LRUCache[str, dict[int, Strip]] = LRUCache(_KEPT_ROWS)
        self._fitted = Size(0, 0)
        self._styles_made: dict[tuple[str, str], Style] = {}

    # What the screen asks

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, frozen ones first."""
        return self._columns

    @property
    def cursor_row(self) -> int:
        """The index in the model of the row under the cursor; 0 when there are no rows."""
        return self._row

    @property
    def cursor_column(self) -> int:
        """The index of the column under the cursor; in a list, of the column that scrolled to the left."""
        return self._column

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor, or None when there are no rows."""
        return self._known_key

    @property
    def rows_in_view(self) -> range:
        """The indices of the rows on the screen."""
        return range(self._top, min(self._top + self._body_height, self._known_count))

    @property
    def page_rows(self) -> int:
        """How many rows the table has room for, at least 1: a good unit for loading."""
        return max(1, self._body_height)

    @property
    def hidden_columns(self) -> tuple[int, int]:
        """How many columns are out of view, or cut, at the left and at the right."""
        return self._arrangement.hidden(self._leftmost)

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cell of the screen where the hardware cursor belongs: the focused cell, or the row's name."""
        origin = self.content_region.offset
        y = min(self._header_height + max(0, self._row - self._top), max(0, self.size.height - 1))
        column = self._column if self._cursor == "cell" else self._arrangement.frozen - 1
        slot = next((slot for slot in self._slots if slot.column == column), None)
        if slot is None or not self._known_count:
            return origin + Offset(0, y)
        text = fit(self._model.row(self._row)[slot.column].text, slot.width, self._columns[slot.column].align)
        indent = len(text) - len(text.lstrip()) if text.strip() else 0
        return origin + Offset(slot.x + indent, y)

    # What the screen tells

    def model_changed(self, *, keep_key: bool = True) -> None:
        """Tell that any rows may have changed, come or gone; everything in view is drawn anew.

        With `keep_key` the cursor stays on the row that it was on, at the same height of the screen; where
        that row is gone it stays at the same number. Without, it goes to the first row.
        """
        self._forget_strips()
        self._told.clear()
        if keep_key:
            self._follow_key()
        else:
            self._row = self._top = 0
        self._settle()
        self._refresh_body()

    def rows_added(self) -> None:
        """Tell that rows were added before the first or after the last, and that no other row changed.

        The cursor stays on its row, and the picture does not move.
        """
        count = self._known_count
        blank_from = max(0, count - self._top)
        self._told.clear()
        self._follow_key()
        self._settle()
        if count == 0:
            self._refresh_body()
        elif blank_from < self._body_height:
            self._refresh_lines(self._header_height + blank_from, self._body_height - blank_from)

    def refresh_row(self, key: str) -> None:
        """Tell that a row reads otherwise now. Costs one line, or nothing when it is out of view."""
        self._strips.discard(key)
        index = self._model.index_of(key)
        if index is not None:
            self._refresh_row_line(index)

    def refresh_rows(self, keys: Iterable[str]) -> None:
        """Tell that some rows read otherwise now."""
        for key in keys:
            self.refresh_row(key)

    def refresh_all(self) -> None:
        """Tell that every row may read otherwise now, while the same rows stand in the same places."""
        self._forget_strips()
        self._refresh_body()

    def set_columns(self, columns: Sequence[Column], *, frozen: int | None = None) -> None:
        """Show other columns; the cursor stays on the column with the same id where there is one."""
        wanted = self._columns[self._column].id if self._columns else None
        self._columns = tuple(columns)
        self._frozen = self._frozen if frozen is None else frozen
        self._lay_out()
        found = (index for index, column in enumerate(self._columns) if column.id == wanted)
        self._place(self._row, next(found, self._first_column))
        self.refresh()

    def set_empty_text(self, text: str) -> None:
        """Say why the table is empty; shown while the model has no rows."""
        self._empty_text = text
        if not self._known_count:
            self._refresh_body()

    def move_cursor(self, *, row: int | None = None, column: int | None = None) -> None:
        """Put the cursor on a row and a column, both clamped to what there is, and bring them into view."""
        self._place(self._row if row is None else row, self._column if column is None else column)

    # Keys

    def action_cursor_up(self) -> None:
        """Move to the row above."""
        self._place(self._row - 1, self._column)

    def action_cursor_down(self) -> None:
        """Move to the row below."""
        self._place(self._row + 1, self._column)

    def action_cursor_left(self) -> None:
        """Move to the cell at the left; in a list, scroll."""
        self._place(self._row, self._column - 1)

    def action_cursor_right(self) -> None:
        """Move to the cell at the right; in a list, scroll."""
        self._place(self._row, self._column + 1)

    def action_page_up(self) -> None:
        """Move a screenful up, with one row in common."""
        self._page(-max(1, self._body_height - 1))

    def action_page_down(self) -> None:
        """Move a screenful down, with one row in common."""
        self._page(max(1, self._body_height - 1))

    def action_home(self) -> None:
        """Move to the first row of a list, or to the first cell of the row in a matrix."""
        if self._cursor == "cell":
            self._place(self._row, self._first_column)
        else:
            self._place(0, self._column)
            self.post_message(self.Edge(self, "before"))

    def action_end(self) -> None:
        """Move to the last row of a list, or to the last cell of the row in a matrix."""
        if self._cursor == "cell":
            self._place(self._row, len(self._columns) - 1)
        else:
            self._place(self._known_count - 1, self._column)
            self.post_message(self.Edge(self, "after"))

    def action_activate(self) -> None:
        """Tell that the row or cell under the cursor is wanted."""
        if self._known_key is not None:
            self.post_message(self.Activated(self, self._row, self._column, self._known_key))

    # Moving

    @property
    def _first_column(self) -> int:
        """The leftmost column that the cursor may enter."""
        return self._arrangement.frozen if self._arrangement.frozen < len(self._columns) else 0

    @property
    def _header_height(self) -> int:
        return 2 if any(column.group for column in self._columns) else 1

    @property
    def _body_height(self) -> int:
        return max(0, self.size.height - self._header_height)

    def _key_at(self, row: int) -> str | None:
        return self._model.row_key(row) if 0 <= row < self._model.row_count() else None

    def _follow_key(self) -> None:
        """Find the cursor's row again in the changed model, and keep it at its height of the screen."""
        found = None if self._known_key is None else self._model.index_of(self._known_key)
        if found is not None:
            self._top += found - self._row
            self._row = found

    def _settle(self) -> None:
        """Bring cursor and picture inside what there is, after the model or the size changed."""
        self._known_count = count = self._model.row_count()
        self._row = max(0, min(self._row, count - 1))
        self._top = self._top_showing(self._row)
        key = self._key_at(self._row)
        if key != self._known_key:
            self._known_key = key
            self.post_message(self.CursorMoved(self, self._row, self._column, key))
        self._tell_near_ends()

    def _top_showing(self, row: int) -> int:
        """Give the first row of a picture that shows this one: the same as now where that is possible."""
        height = max(1, self._body_height)
        top = self._top if self._top <= row < self._top + height else row - height // 2
        return max(0, min(top, self._known_count - height))

    def _place(self, row: int, column: int) -> None:
        """Move the cursor, scroll if it left the picture, repaint what changed, and tell."""
        row = max(0, min(row, self._known_count - 1))
        if self._cursor == "cell":
            column = max(self._first_column, min(column, len(self._columns) - 1))
            first = self._arrangement.showing(column, self._leftmost)
        else:
            # In a list the column is nothing but how far the picture is scrolled.
            first = column = self._arrangement.clamped(column)
        top = self._top_showing(row)
        old_row, old_column = self._row, self._column
        scrolled_sideways = first != self._leftmost
        scrolled = top != self._top
        self._row, self._column, self._top, self._leftmost = row, column, top, first
        if scrolled_sideways:
            self._slots = self._arrangement.slots(first)
            self._forget_strips()
            self.refresh()
        elif scrolled:
            self._refresh_body()
        elif row != old_row or column != old_column:
            self._refresh_row_line(old_row)
            self._refresh_row_line(row)
        if column != old_column and self._cursor == "cell" and not scrolled_sideways:
            self._refresh_lines(self._header_height - 1, 1)
        if row != old_row or column != old_column:
            self._known_key = self._key_at(row)
            self.post_message(self.CursorMoved(self, row, column, self._known_key))
        self._tell_near_ends()

    def _page(self, step: int) -> None:
        height = max(1, self._body_height)
        row = max(0, min(self._row + step, self._known_count - 1))
        top = max(0, min(self._top + step, self._known_count - height))
        if top != self._top:
            self._top = top
            self._refresh_body()
        self._place(row, self._column)

    def _tell_near_ends(self) -> None:
        height = self._body_height
        if not height:
            return
        ends: tuple[tuple[Direction, bool], ...] = (
            ("before", self._top < height),
            ("after", self._top + 2 * height > self._known_count),
        )
        for direction, near in ends:
            if near and direction not in self._told:
                self._told.add(direction)
                self.post_message(self.NearEnd(self, direction))

    # Repainting

    def _refresh_lines(self, y: int, height: int) -> None:
        self.refresh(Region(0, y, self.size.width, height))

    def _refresh_body(self) -> None:
        self._refresh_lines(self._header_height, self._body_height)

    def _refresh_row_line(self, row: int) -> None:
        if row in self.rows_in_view:
            self._refresh_lines(self._header_height + row - self._top, 1)

    def _forget_strips(self) -> None:
        self._strips.clear()

    def _lay_out(self) -> None:
        """Lay the columns out for the width that there is."""
        self._arrangement = Layout(self._columns, self._frozen, self.size.width)
        self._leftmost = self._arrangement.clamped(self._leftmost)
        if self._cursor == "cell":
            self._leftmost = self._arrangement.showing(self._column, self._leftmost)
        else:
            self._column = self._leftmost
        self._slots = self._arrangement.slots(self._leftmost)
        self._forget_strips()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the columns to the new width, and keep the cursor in view."""
        self._fit_size()

    def _fit_size(self) -> None:
        """Take in a new size; a frame may be drawn before the event that tells of it arrives."""
        if self.size != self._fitted:
            self._fitted = self.size
            self._lay_out()
            self._settle()

    def notify_style_update(self) -> None:
        """Forget what was drawn with the styles that were; Textual calls this when styles change."""
        super().notify_style_update()
        self._styles_made.clear()
        self._forget_strips()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the table; Textual asks for those that need it."""
        self._fit_size()
        body_y = y - self._header_height
        if body_y < 0:
            if y < self._header_height - 1:
                return group_line(self._columns, self._slots, self.size.width, self._style_of)
            return self._heading_line()
        row = self._top + body_y
        if row < self._known_count:
            return self._row_line(row)
        lines = [] if self._known_count else wrap(self._empty_text, self.size.width)
        role, text = ("muted", lines[body_y]) if body_y < len(lines) else ("normal", "")
        return text_line(text, self.size.width, self._style_of(role, ""))

    def _row_line(self, row: int) -> Strip:
        """Give a row's line, drawn before or drawn now. What is kept differs only by how the cursor shows."""
        state = 0
        if row == self._row:
            state = (1 + self._column if self._cursor == "cell" else 1) * (1 if self.has_focus else -1)
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

    def _drawn_row(self, row: int) -> Strip:
        ground, cursor = "", None
        if row == self._row:
            under = "cursor" if self.has_focus else "cursor-blurred"
            ground, cursor = ("row", (self._column, under)) if self._cursor == "cell" else (under, None)
        return row_line(
            self._model.row(row),
            self._columns,
            self._slots,
            self.size.width,
            self._style_of,
            ground=ground,
            cursor=cursor,
        )

    def _heading_line(self) -> Strip:
        return heading_line(
            self._columns,
            self._slots,
            self.size.width,
            self._style_of,
            hidden=self.hidden_columns,
            frozen=self._arrangement.frozen,
            cursor=self._column if self._cursor == "cell" else None,
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

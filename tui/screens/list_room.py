"""A room with one list, whose rows are columns, or in words are each said in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.screen import ModalScreen

from tui.screens.room import Room
from tui.widgets.table import MARKER, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.widgets.columns import Column
    from tui.widgets.rows import TableModel


class ListRoom(Room):
    """Lays its table out for the width and the looks; the room says which columns."""

    FROZEN: ClassVar[int] = 1
    """Usual columns that stand still when the others are moved."""

    def usual_columns(self) -> Sequence[Column]:
        """Give the columns of the list where it is not in words."""
        raise NotImplementedError

    def heading_in_words(self) -> str:
        """Say what a row tells of, where it is said in one go."""
        raise NotImplementedError

    def list_of(self, model: TableModel, id: str, empty_text: str) -> Table:
        """Make the table of a model, which in most rooms is the room."""
        return Table(self._columns(), model, frozen=self._frozen, id=id, empty_text=empty_text)

    @property
    def in_words(self) -> bool:
        """Whether each row is said in one go."""
        return self.behorig.looks.in_words

    @property
    def _frozen(self) -> int:
        return 0 if self.in_words else self.FROZEN

    def _columns(self) -> Sequence[Column]:
        if not self.in_words:
            return self.usual_columns()
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import line_columns

        return line_columns(self.app.size.width - len(MARKER), self.heading_in_words())

    def on_resize(self, _event: events.Resize) -> None:
        self.choose_columns()

    def lay_out(self) -> None:
        self.choose_columns()
        self.table.model_changed()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        if self.in_words and not isinstance(self.app.screen, ModalScreen):
            # Who comes back from another room reads from the beginning of a row, which says who.
            self.table.move_cursor(column=0)

    def choose_columns(self) -> None:
        """Give the table the columns for the width and the looks."""
        self.table.set_columns(self._columns(), frozen=self._frozen)

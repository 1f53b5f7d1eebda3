"""What a table shows: cells with a text and a role, and the model that gives them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Cell(NamedTuple):
    """What stands in a cell: any text at all, and one of `tui.themes.CELL_ROLES`.

    The first cell of a row that goes on over columns may have in `whole` what the row says in sentences.
    """

    text: str
    role: str = "normal"
    whole: str = ""


class TableModel(Protocol):
    """The rows that are loaded, numbered from 0. All methods must be quick: they run while drawing."""

    def row_count(self) -> int:
        """How many rows are loaded."""

    def row_key(self, index: int) -> str:
        """What tells this row from every other, wherever it stands."""

    def index_of(self, key: str) -> int | None:
        """Where the row with this key stands now, or None if it is not loaded."""

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row, one for each column. Only those in view are read, so it may be lazy."""

"""The table: what a step, a page and a toggle cost, against Textual's own repaint of one line.

The floor is a bare widget that repaints one line at each key, on a screen of the same size: what Textual
itself needs between a key and its frame. The peer is Textual's DataTable doing the same work.
"""

from itertools import cycle, islice
from typing import Any, ClassVar, NamedTuple

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable, Static

from bench.figure import Figure, Peer
from bench.frames import Bench, Cost, measured
from tests.tui.table_app import LIST_COLUMNS, Rows, build

SIZE = (120, 40)
# Rows and columns; 23 columns are today's catalogue, 150 far more than it will ever hold.
SIZES = {
    "list": ((1_000, 5), (100_000, 5), (1_000_000, 5), (10_000_000, 5)),
    "matrix": ((1_000, 23), (1_000_000, 23), (10_000_000, 150)),
}
_STEPS = 30
_PAGES = 20
_IDLE_SECONDS = 10.0
# The peers keep every row in memory, so they get a size that they can bear: it flatters them.
_PEER_ROWS = 1_000
_PEER_COLUMNS = 23


class Costs(NamedTuple):
    """What each kind of key costs in one app."""

    step: Cost
    toggle: Cost
    cold_page: Cost
    warm_page: Cost


class _Line(Widget, can_focus=True):
    """A widget that repaints one of its lines at each key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "step", show=False)]
    y = 0

    def render_line(self, y: int) -> Strip:
        """Draw a line that differs at each repaint."""
        return Strip([Segment(f"{y} {self.y}".ljust(self.size.width), self.rich_style)])

    def action_step(self) -> None:
        """Repaint the next line."""
        self.y = (self.y + 1) % self.size.height
        self.refresh(Region(0, self.y, self.size.width, 1))


class _Floor(App[None]):
    """As many widgets as the table's program has."""

    CSS = "Static { height: 1; }"

    def compose(self) -> ComposeResult:
        """Put the line widget between two lines."""
        yield Static("A title above")
        yield _Line()
        yield Static("A line below")


class _PeerApp(App[None]):
    """Textual's DataTable with the same rows."""

    CSS = "Static { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "change", show=False)]

    def __init__(self, kind: str) -> None:
        """Show a `list` or a `matrix`."""
        super().__init__()
        self._kind = kind
        self._flag = False

    def compose(self) -> ComposeResult:
        """Put the table between two lines."""
        yield Static("A title above")
        yield DataTable[str](cursor_type="row" if self._kind == "list" else "cell", fixed_columns=2)
        yield Static("A line below")

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable[Any])
        columns = len(LIST_COLUMNS) if self._kind == "list" else _PEER_COLUMNS + 2
        rows = Rows(0, _PEER_ROWS, columns)
        for number in range(columns):
            table.add_column(f"C{number}", key=f"c{number}")
        for index in range(_PEER_ROWS):
            table.add_row(*(cell.text for cell in rows.row(index)), key=rows.row_key(index))
        table.focus()

    def action_change(self) -> None:
        """Change the cell under the cursor."""
        self._flag = not self._flag
        table = self.query_one(DataTable[Any])
        table.update_cell_at(table.cursor_coordinate, "+" if self._flag else "-")


async def _costs(bench: Bench) -> Costs:
    """Measure an app whose table has the focus, with the cursor on the first row."""
    await bench.cost(["down", "up"] * 3)
    step = await bench.cost(["down"] * _STEPS)
    toggle = await bench.cost(["space"] * _STEPS)
    cold = await bench.cost(["pagedown"] * _PAGES)
    warm = await bench.cost(islice(cycle(["pageup", "pagedown"]), _PAGES))
    return Costs(step, toggle, cold, warm)


async def _idle(bench: Bench) -> int:
    await bench.cost(["down"])
    return await bench.silent(_IDLE_SECONDS)


async def _floor(bench: Bench) -> Cost:
    await bench.cost(["down"] * _STEPS)
    return await bench.cost(["down"] * (3 * _STEPS))


def measure() -> list[Figure]:
    """Measure list and matrix at several sizes, at 120 columns by 40 rows."""
    figures: list[Figure] = []
    for kind, page_bytes in (("list", 9_000), ("matrix", 15_000)):
        peer = measured(_PeerApp(kind), _costs, SIZE)
        for rows, columns in SIZES[kind]:
            # The floor again each time, right before: the machine's pace changes while the bench runs.
            floor = measured(_Floor(), _floor, SIZE)
            ours = measured(build(kind, rows=rows, columns=columns), _costs, SIZE)
            figures += _figures(f"{kind} of {rows} x {columns}", ours, peer, floor, page_bytes)
        idle = measured(build(kind), _idle, SIZE)
        figures.append(Figure(f"{kind}: idle for {_IDLE_SECONDS:.0f} s", idle, 0, unit="bytes"))
    return figures


def _figures(name: str, ours: Costs, peer: Costs, floor: Cost, page_bytes: int) -> list[Figure]:
    def ratio(what: str, cost: Cost, ceiling: float, other: Cost) -> Figure:
        base = floor.milliseconds
        return Figure(f"{name}: {what}", cost.milliseconds / base, ceiling, _peer(other.milliseconds / base))

    def size(what: str, cost: Cost, ceiling: float, other: Cost) -> Figure:
        return Figure(f"{name}: {what}", cost.bytes, ceiling, _peer(other.bytes), "bytes")

    return [
        Figure(f"{name}: one-line repaint of Textual itself", floor.milliseconds, None, unit="ms"),
        ratio("row move to one-line repaint", ours.step, 1.5, peer.step),
        ratio("toggle to one-line repaint", ours.toggle, 1.5, peer.toggle),
        ratio("cold page to one-line repaint", ours.cold_page, 10, peer.cold_page),
        ratio("warm page to one-line repaint", ours.warm_page, 5, peer.warm_page),
        size("row move", ours.step, 600, peer.step),
        size("toggle", ours.toggle, 800, peer.toggle),
        size("page", ours.cold_page, page_bytes, peer.cold_page),
    ]


def _peer(value: float) -> Peer:
    return Peer("DataTable", value)

"""The table shows any number of rows, repaints no more than what changed, and keeps its place."""

from collections.abc import Sequence
from typing import Any

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset, Region

from tests.tui.table_app import LIST_COLUMNS, Rows, TableApp, build, matrix_columns
from tui import themes
from tui.text.plain import fit
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

WIDE = (120, 40)
NARROW = (40, 12)


class CountedRows(Rows):
    """Rows that count how often one was asked for."""

    asked = 0

    def row(self, index: int) -> Sequence[Cell]:
        """Give the row, and count."""
        self.asked += 1
        return super().row(index)


class Texts:
    """Rows of given texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Keep them."""
        self.texts = texts

    def row_count(self) -> int:
        """How many there are."""
        return len(self.texts)

    def row_key(self, index: int) -> str:
        """The number."""
        return str(index)

    def index_of(self, key: str) -> int | None:
        """The number again."""
        return int(key) if int(key) < len(self.texts) else None

    def row(self, index: int) -> Sequence[Cell]:
        """The text, and a cell to see where the next column begins."""
        return (Cell(self.texts[index]), Cell("|"))


def picture(table: Table) -> list[str]:
    """The lines of the table as they are drawn."""
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


def repainted(table: Table, monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """Collect what the table asks to have repainted from now on; an empty region is everything."""
    regions: list[Region] = []
    refresh = table.refresh

    def recording(*given: Region, **options: Any) -> Table:
        regions.extend(given or (Region(),))
        return refresh(*given, **options)

    monkeypatch.setattr(table, "refresh", recording)
    return regions


async def test_ten_million_rows_cost_no_more_than_those_in_view() -> None:
    rows = CountedRows(0, 10_000_000, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        assert "Person 00000000" in picture(app.table)[1]
        await pilot.press("end")
        assert app.table.cursor_row == 9_999_999
        assert "Person 09999999" in picture(app.table)[-1]
        await pilot.press("pageup", "pageup", "home")
        assert "Person 00000000" in picture(app.table)[1]
        assert rows.asked < 10 * WIDE[1]


async def test_a_row_move_repaints_two_lines_and_a_changed_cell_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = build("matrix", columns=20)
    async with app.run_test(size=WIDE) as pilot:
        regions = repainted(app.table, monkeypatch)
        await pilot.press("down")
        assert sorted(region.y for region in regions) == [2, 3]
        assert {region.height for region in regions} == {1}
        regions.clear()
        await pilot.press("space")
        assert [(region.y, region.height) for region in regions] == [(3, 1)]
        regions.clear()
        await pilot.press("right")
        # The cell that the cursor left and the one that it came to, and their headings: no whole line.
        assert [(region.y, region.height) for region in regions] == [(3, 1), (3, 1), (1, 1), (1, 1)]
        assert max(region.width for region in regions) < 10
        regions.clear()
        await pilot.press("pagedown")
        assert (2, 36) in [(region.y, region.height) for region in regions]


async def test_a_row_out_of_view_repaints_nothing_and_is_drawn_anew_when_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = build("matrix", columns=20)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("pagedown", "pageup")
        regions = repainted(app.table, monkeypatch)
        app.table.refresh_row(app.rows.toggle(50, 2))
        assert regions == []
        await pilot.press("pagedown")
        line = next(line for line in picture(app.table) if "00000050" in line)
        assert line[23] in "+-"


HOSTILE = [
    "[@click=app.quit]quit[/]",
    "[red]not red",
    "\x1b[2J\x1b]0;title\x07",
    "\u009b31mred",
    "abc\u202efed",
    "漢字漢字漢字漢字漢字漢字",
    "\u0301\u0301lone marks",
    "x" * 10_000,
    "e\u0301" * 30,
    "line\nbreak\ttab",
    "\U0001f1f8\U0001f1ea flag \u2764\ufe0f",
]


async def test_hostile_text_is_drawn_as_plain_text_and_moves_no_column() -> None:
    app = TableApp("row", Rows(0, 1, 5), LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        table = Table((Column("text", "[b]Text[/]", 20), Column("mark", "\x1b[2J", 1)), Texts(HOSTILE))
        await app.mount(table)
        await pilot.pause()
        heading = table.render_line(0)
        assert heading.text.startswith("[b]Text[/]")
        assert "\x1b" not in heading.text
        for number, text in enumerate(HOSTILE):
            strip = table.render_line(1 + number)
            assert strip.cell_length == table.size.width
            assert strip.crop(21, 22).text == "|", text
            assert strip.text.isprintable(), text
            assert all(not segment.style or not segment.style.meta for segment in strip)
        assert table.render_line(1).text.startswith("[@click=app.quit]qu~")


async def test_rows_that_come_before_move_neither_cursor_nor_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Rows(1000, 1200, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "down")
        before, moves = picture(app.table), len(app.moves)
        regions = repainted(app.table, monkeypatch)
        rows.start = 900
        app.table.rows_added()
        await pilot.pause()
        assert (app.table.cursor_row, app.table.cursor_key) == (102, "1002")
        assert picture(app.table) == before
        assert regions == []
        assert len(app.moves) == moves
        await pilot.press("up")
        assert app.table.cursor_key == "1001"
        rows.start = 800
        app.table.model_changed()
        assert picture(app.table)[1:3] == before[1:3]
        assert app.table.cursor_key == "1001"


async def test_rows_that_come_after_are_drawn_where_nothing_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Rows(0, 10, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE):
        regions = repainted(app.table, monkeypatch)
        rows.end = 500
        app.table.rows_added()
        assert [(region.y, region.height) for region in regions] == [(11, 27)]
        assert "Person 00000036" in picture(app.table)[-1]


async def test_rows_that_come_into_an_empty_table_are_all_drawn() -> None:
    rows = Rows(0, 0, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        assert app.table.cursor_key is None
        await pilot.press("enter", "down", "pagedown", "end", "home", "right")
        # The screen says that there is nothing to want; silence would leave one wondering.
        assert [each.key for each in app.activated] == [None]
        rows.end = 3
        app.table.rows_added()
        await pilot.pause()
        assert [line[2:17] for line in picture(app.table)[1:5]] == [
            *(f"Person 0000000{n}" for n in range(3)),
            "",
        ]
        assert (app.moves[-1].row, app.moves[-1].key) == (0, "0")


async def test_when_the_row_is_gone_the_cursor_keeps_its_number_or_goes_to_the_first() -> None:
    rows = Rows(0, 100, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*["down"] * 5)
        rows.start = 50
        app.table.model_changed()
        await pilot.pause()
        assert (app.table.cursor_row, app.table.cursor_key) == (5, "55")
        assert app.moves[-1].key == "55"
        rows.end = 53
        app.table.model_changed()
        assert (app.table.cursor_row, app.table.cursor_key) == (2, "52")
        rows.end = 100
        app.table.model_changed(keep_key=False)
        assert (app.table.cursor_row, app.table.cursor_key) == (0, "50")


async def test_frozen_columns_stay_and_signs_tell_of_the_columns_out_of_view() -> None:
    app = build("matrix", columns=150)
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.table
        groups, headings, first, *_ = picture(table)
        assert groups == " " * 23 + "First kind"
        assert headings.startswith("  Name                 P00 P01")
        assert headings.endswith(">")
        assert table.cursor_column == 2
        await pilot.press("left", "left")
        assert table.cursor_column == 2
        await pilot.press("end")
        assert table.cursor_column == 151
        groups, headings, first, *_ = picture(table)
        assert groups.endswith("Other")
        assert "First kind" in groups
        assert headings.startswith("  Name                <P")
        assert not headings.endswith(">")
        assert first.startswith("  Person 00000000      ")
        assert table.hidden_columns == (136, 0)
        await pilot.press("home")
        assert table.cursor_column == 2
        assert table.hidden_columns[0] == 0


async def test_every_column_is_reached_whole_on_a_narrow_screen() -> None:
    app = build("matrix", columns=150)
    async with app.run_test(size=NARROW) as pilot:
        table = app.table
        for number in range(150):
            assert table.cursor_column == number + 2
            x = app.cursor_position.x
            assert table.render_line(1).crop(x, x + 3).text == fit(f"P{number:02}", 3)
            table.action_cursor_right()
        assert table.cursor_column == 151
        await pilot.pause()


async def test_a_list_scrolls_sideways_with_the_arrows() -> None:
    app = build("list", rows=100)
    async with app.run_test(size=NARROW) as pilot:
        assert picture(app.table)[0].endswith(">")
        assert "HSA-id" in picture(app.table)[0]
        await pilot.press("right")
        assert "HSA-id" not in picture(app.table)[0]
        assert "E-mail" in picture(app.table)[0]
        assert "Person 00000" in picture(app.table)[1]
        await pilot.press("right", "right", "right", "right", "left", "left", "left", "left")
        assert "HSA-id" in picture(app.table)[0]


@pytest.mark.parametrize("kind", ["list", "matrix"])
async def test_the_cursor_stays_in_view_through_every_size(kind: str) -> None:
    app = build(kind, rows=1000)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*["down"] * 30)
        for size in (NARROW, (80, 24), (20, 5), (200, 60), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            table = app.table
            assert table.cursor_row == 30
            assert 30 in table.rows_in_view or table.size.height <= 2
            if size != (1, 1):
                y = app.cursor_position.y - table.content_region.y
                assert y < table.size.height
            for line in range(table.size.height):
                assert table.render_line(line).cell_length == table.size.width


async def test_near_ends_are_told_once_and_the_edges_each_time() -> None:
    rows = Rows(1000, 1200, len(LIST_COLUMNS))
    app = TableApp("row", rows, LIST_COLUMNS)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert [message.direction for message in app.ends] == ["before"]
        await pilot.press(*["pagedown"] * 10)
        assert [message.direction for message in app.ends] == ["before", "after"]
        rows.end = 1300
        app.table.rows_added()
        await pilot.press("down")
        assert [message.direction for message in app.ends] == ["before", "after"]
        await pilot.press("end", "home", "home")
        assert [message.direction for message in app.ends] == ["before", "after", "after", "before"]
        assert [message.direction for message in app.edges] == ["after", "before", "before"]


async def test_an_empty_table_says_why_and_the_cursor_stands_on_the_reason() -> None:
    app = build("list", rows=0)
    async with app.run_test(size=(20, 10)) as pilot:
        assert picture(app.table)[1:4] == ["Nothing matches the", "search", ""]
        assert app.cursor_position == app.table.content_region.offset + Offset(0, 1)
        app.table.set_empty_text("[b]No[/]\x1b one")
        await pilot.pause()
        assert picture(app.table)[1] == "[b]No[/]\N{REPLACEMENT CHARACTER} one"


async def test_other_columns_keep_the_cursor_on_the_same_one() -> None:
    app = build("matrix", rows=50, columns=30)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["right"] * 20)
        assert app.table.columns[app.table.cursor_column].id == "p20"
        columns = matrix_columns(30)
        app.table.set_columns([*columns[:2], *columns[12:]])
        await pilot.pause()
        assert app.table.columns[app.table.cursor_column].id == "p20"
        app.table.set_columns(columns[:10])
        await pilot.pause()
        assert app.table.columns[app.table.cursor_column].id == "p0"
        assert app.moves[-1].column == 2


async def test_other_columns_can_come_with_the_cursor_on_another_one_that_is_then_in_view() -> None:
    app = build("matrix", rows=50, columns=30)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", *["right"] * 20)
        columns = matrix_columns(30)
        one = Column("one", "Folded", 6, group="First kind")
        app.table.set_columns([*columns[:2], one, columns[-1]], cursor="one")
        await pilot.pause()
        assert (app.moves[-1].row, app.moves[-1].column) == (1, 2)
        assert "Folded P29" in picture(app.table)[1]
        app.table.set_columns(columns, cursor="p25")
        await pilot.pause()
        assert (app.moves[-1].row, app.moves[-1].column) == (1, 27)
        assert app.cursor_position.x == picture(app.table)[1].index("P25")
        # One that is not there leaves nothing to go to but the first.
        app.table.set_columns(columns[:10], cursor="p25")
        await pilot.pause()
        assert app.moves[-1].column == 2


async def test_enter_tells_which_cell_and_a_move_is_told_at_once() -> None:
    app = build("matrix", rows=500, columns=10)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("down", "right", "enter")
        (activated,) = app.activated
        assert (activated.row, activated.column, activated.key) == (1, 3, "1")
        assert activated.control is app.table
        app.moves.clear()
        app.table.action_cursor_down()
        assert app.moves == [UnderCursor(2, 3, "2")]


async def test_the_cursor_line_tells_whether_the_table_has_the_focus() -> None:
    app = build("list", rows=5)
    async with app.run_test(size=WIDE) as pilot:
        focused = list(app.table.render_line(1))
        app.screen.set_focus(None)
        await pilot.pause()
        blurred = list(app.table.render_line(1))
        plain = list(app.table.render_line(2))
        assert focused[0].style != blurred[0].style
        assert blurred[0].style != plain[0].style


async def test_a_new_theme_is_seen_at_once() -> None:
    app = build("list", rows=5)
    async with app.run_test(size=WIDE) as pilot:
        dark = app.table.render_line(2)
        app.theme = themes.LIGHT
        await pilot.pause()
        assert app.table.render_line(2) != dark


async def test_cells_of_one_look_are_one_run() -> None:
    app = build("matrix", rows=5, columns=20)
    async with app.run_test(size=WIDE):
        # Given and not given differ by their signs only: a row costs one change of style.
        assert len(app.table.render_line(4)) == 1


async def test_a_click_and_the_wheel_move_the_cursor() -> None:
    app = build("matrix", rows=500, columns=10)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.click(app.table, offset=(35, 7))
        assert (app.table.cursor_row, app.table.cursor_column) == (5, 5)
        await pilot.click(app.table, offset=(35, 0))
        await pilot.click(app.table, offset=(3, 8))
        assert (app.table.cursor_row, app.table.cursor_column) == (6, 2)
        app.table.post_message(MouseScrollDown(app.table, 5, 5, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert app.table.cursor_row == 9
        app.table.post_message(MouseScrollUp(app.table, 5, 5, 0, -1, 0, False, False, False))
        await pilot.pause()
        assert app.table.cursor_row == 6

"""Whatever is pressed, and however the rows and the size change, the cursor stays in the picture."""

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.columns import Column
from tui.widgets.view import Place, View

COLUMNS = [
    Column("sign", "", 1),
    Column("name", "Name", 20),
    *(Column(f"p{n}", f"P{n}", 3) for n in range(30)),
]

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-5, 5), st.integers(-40, 40)),
        st.tuples(st.just("page"), st.sampled_from([-1, 1]), st.just(0)),
        st.tuples(st.just("size"), st.integers(0, 130), st.integers(0, 50)),
        st.tuples(st.just("rows"), st.integers(0, 200), st.integers(0, 200)),
        st.tuples(st.just("columns"), st.integers(1, 32), st.integers(0, 4)),
    ),
    max_size=30,
)


@given(st.sampled_from(["row", "cell"]), st.integers(0, 200), MOVES)
def test_cursor_and_picture_stay_inside_what_there_is(
    cursor: str, rows: int, moves: list[tuple[str, int, int]]
) -> None:
    columns, frozen, width, height = COLUMNS, 2, 80, 20
    view = View(columns, frozen, "cell" if cursor == "cell" else "row", rows)
    view.lay_out(columns, frozen, width, height)
    for what, one, two in moves:
        if what == "move":
            view.move(view.place.row + one, view.place.column + two)
        elif what == "page":
            view.page(one)
        elif what == "rows":
            view.change(one, two)
        else:
            if what == "size":
                width, height = one, two
            else:
                columns, frozen = COLUMNS[:one], two
            view.lay_out(columns, frozen, width, height)
        place = view.place
        assert place.row in range(max(1, view.count))
        assert place.top <= place.row < place.top + max(1, height)
        assert place.top == 0 or place.top + height <= view.count or height == 0
        assert place.column in range(len(columns))
        assert view.slots == view.layout.slots(place.leftmost)
        assert all(slot.x + slot.width + slot.blank <= width for slot in view.slots)
        if cursor == "cell" and width >= 40 and len(columns) > 3:
            seen = next(slot for slot in view.slots if slot.column == place.column)
            assert seen.width == view.layout.widths[place.column]


def test_a_step_out_of_the_picture_jumps_by_half_of_it() -> None:
    view = View(COLUMNS, 2, "row", 1000)
    view.lay_out(COLUMNS, 2, 80, 20)
    view.move(19, 0)
    assert view.place.top == 0
    view.move(20, 0)
    assert view.place.top == 10
    view.move(9, 0)
    assert view.place.top == 0


def test_a_page_keeps_one_row_and_the_cursors_height() -> None:
    view = View(COLUMNS, 2, "row", 1000)
    view.lay_out(COLUMNS, 2, 80, 20)
    view.move(5, 0)
    view.page(1)
    assert (view.place.row, view.place.top) == (24, 19)
    view.page(-1)
    assert (view.place.row, view.place.top) == (5, 0)
    view.page(-1)
    assert (view.place.row, view.place.top) == (0, 0)


def test_the_last_page_shows_no_emptiness() -> None:
    view = View(COLUMNS, 2, "row", 45)
    view.lay_out(COLUMNS, 2, 80, 20)
    for _ in range(4):
        view.page(1)
    assert (view.place.row, view.place.top) == (44, 25)


def test_spare_width_is_shared_by_the_columns_that_grow() -> None:
    columns = [Column("a", "", 10, grow=1), Column("b", "", 10), Column("c", "", 10, grow=2)]
    view = View(columns, 1, "row", 1)
    view.lay_out(columns, 1, 62, 5)
    assert view.layout.widths == [20, 10, 30]
    assert sum(slot.width + slot.blank for slot in view.slots) == 62


def test_frozen_columns_give_way_to_half_of_a_narrow_screen() -> None:
    view = View(COLUMNS, 2, "cell", 1)
    view.lay_out(COLUMNS, 2, 30, 5)
    assert view.layout.frozen_width == 15
    assert view.layout.widths[1] == 12


def test_nothing_moves_when_nothing_is_there() -> None:
    view = View(COLUMNS, 2, "cell", 0)
    view.lay_out(COLUMNS, 2, 80, 20)
    view.move(7, 2)
    view.page(1)
    assert view.place == Place(0, 2, 0, 2)
    assert list(view.rows) == []


def test_the_first_picture_shows_the_rows_above_a_cursor_that_was_placed_before_there_was_room() -> None:
    view = View(COLUMNS, 2, "row", 100)
    view.move(50, 0)
    view.lay_out(COLUMNS, 2, 80, 20)
    assert (view.place.row, view.rows) == (50, range(40, 60))
    view = View(COLUMNS, 2, "row", 100)
    view.move(5, 0)
    view.lay_out(COLUMNS, 2, 80, 20)
    assert (view.place.row, view.rows) == (5, range(20))

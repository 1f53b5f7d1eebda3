"""The same picture in fewer bytes, whatever styles follow each other."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.control import Control
from rich.style import Style

from tui.widgets.style_changes import only_changes

COLUMNS, ROWS = 12, 4

colours = st.one_of(
    st.none(),
    st.sampled_from(["default", "red", "bright_blue", "color(16)", "color(233)", "#87d787", "#010203"]),
)
# What pyte knows; dim, conceal, overline and the like are in the examples below.
flags = st.sampled_from([None, True])
styles = st.builds(
    Style,
    color=colours,
    bgcolor=colours,
    bold=flags,
    italic=flags,
    underline=flags,
    blink=flags,
    reverse=flags,
    strike=flags,
)
pieces = st.tuples(styles, st.text("ab ", max_size=5))
moves = st.builds(
    lambda x, y: Control.move_to(x, y).segment.text, st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1)
)
frames = st.lists(st.one_of(pieces, moves, st.just("\r\n"), st.just("plain")), max_size=12)


def rendered(frame: list[tuple[Style, str] | str], system: ColorSystem) -> str:
    """The frame as Textual writes one: each piece with its style before it and a reset after it."""
    return "".join(
        piece if isinstance(piece, str) else piece[0].render(piece[1], color_system=system) for piece in frame
    )


def picture(data: str) -> list[list[pyte.screens.Char]]:
    """What a terminal shows of it, on two frames in a row, so that nothing leaks from one to the next."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    stream.feed(data)
    stream.feed("after\x1b[1;1H")
    return [[screen.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]


@given(frames, st.sampled_from(list(ColorSystem)))
def test_the_picture_is_the_same_and_never_larger(
    frame: list[tuple[Style, str] | str], system: ColorSystem
) -> None:
    data = rendered(frame, system)
    fewer = only_changes(data)
    assert picture(fewer) == picture(data)
    assert len(fewer) <= len(data)
    # Also where a style does not begin with a reset.
    assert picture(only_changes(fewer)) == picture(data)


@pytest.mark.parametrize(
    ("data", "fewer"),
    [
        ("plain å", "plain å"),
        ("\x1b[?2026h", "\x1b[?2026h"),
        ("\x1b[31ma\x1b[0m\x1b[31mb\x1b[0m", "\x1b[31mab\x1b[0m"),
        ("\x1b[31;44ma\x1b[0m\x1b[32;44mb\x1b[0m", "\x1b[31;44ma\x1b[32mb\x1b[0m"),
        ("\x1b[1;38;5;9ma\x1b[0m\x1b[38;5;9mb\x1b[0m", "\x1b[1;38;5;9ma\x1b[22mb\x1b[0m"),
        ("\x1b[1;35;45ma\x1b[0m\x1b[2;35;45mb\x1b[0m", "\x1b[1;35;45ma\x1b[22;2mb\x1b[0m"),
        ("\x1b[2;8;53ma\x1b[0m\x1b[8mb\x1b[0m", "\x1b[2;8;53ma\x1b[0;8mb\x1b[0m"),
        ("\x1b[41ma\x1b[0m\x1b[2;1H\x1b[41mb\x1b[0m", "\x1b[41ma\x1b[2;1Hb\x1b[0m"),
        # A new line that may scroll, and text without a style, have the plain style as before.
        ("\x1b[41ma\x1b[0m\n\x1b[41mb\x1b[0m", "\x1b[41ma\x1b[0m\n\x1b[41mb\x1b[0m"),
        ("\x1b[41ma\x1b[0m b", "\x1b[41ma\x1b[0m b"),
        ("\x1b[31ma\x1b[1mb\x1b[0;32mc\x1b[m", "\x1b[31ma\x1b[1mb\x1b[0;32mc\x1b[0m"),
        # Styles that nobody knows are written whole.
        ("\x1b[31;73ma\x1b[0m\x1b[31mb\x1b[0m", "\x1b[31;73ma\x1b[0;31mb\x1b[0m"),
        ("\x1b[38;9;1ma\x1b[0m", "\x1b[38;9;1ma\x1b[0m"),
        ("\x1b[38ma\x1b[0m", "\x1b[38ma\x1b[0m"),
    ],
)
def test_an_example_is_written_so(data: str, fewer: str) -> None:
    assert only_changes(data) == fewer

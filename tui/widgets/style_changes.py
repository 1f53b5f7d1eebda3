"""What is written to the terminal, with only the changes of style in it.

Rich writes each piece of a line with its whole style before it and a reset after it: some forty bytes where
the next piece differs by nothing but its colour. Over a slow line those are most of a frame. Here a style
is written as its difference from the one before, and a frame of a matrix costs half.

The escape sequences are ECMA-48's "select graphic rendition"; 38 and 48 with `5;n` and `2;r;g;b` are as
xterm has them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_RESET = ""
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
# What moves the cursor shows no style, so a change can wait until after it. A new line is a move when the
# cursor is placed next: alone it may scroll, and a line that scrolls in has the background of the style.
_MOVE = re.compile(r"(?:(?:\r?\n)?\x1b\[[0-9;]*H)*")

# Each attribute that can be switched on, what it belongs to, and what switches that off. Bold and dim are
# switched off together; the second underline (21) is what many terminals take for "not bold".
_KINDS = {
    **dict.fromkeys(("1", "2"), "weight"),
    "3": "italic",
    **dict.fromkeys(("4", "21"), "underline"),
    **dict.fromkeys(("5", "6"), "blink"),
    "7": "reverse",
    "8": "conceal",
    "9": "strike",
    **{str(code): "foreground" for code in (*range(30, 38), *range(90, 98))},
    **{str(code): "background" for code in (*range(40, 48), *range(100, 108))},
    **dict.fromkeys(("51", "52"), "frame"),
    "53": "overline",
    "39": "foreground",
    "49": "background",
}
_OFF = {
    "weight": "22",
    "italic": "23",
    "underline": "24",
    "blink": "25",
    "reverse": "27",
    "conceal": "28",
    "strike": "29",
    "foreground": "39",
    "background": "49",
    "frame": "54",
    "overline": "55",
}
_COLOURS = {"38": "foreground", "48": "background"}
_COLOUR_LENGTHS = {"5": 3, "2": 5}

_Style = dict[str, tuple[str, ...]]


def only_changes(data: str) -> str:
    """Give the same picture in fewer bytes: each style as its difference from the one before.

    The data begins and ends with the terminal's plain style, as each of Textual's frames does; so nothing
    has to be remembered between two of them. A style that is not known is written whole.
    """
    if "\x1b[" not in data:
        return data
    pieces: list[str] = []
    shown = wanted = _RESET
    # Text and the parameters of a style take turns.
    parts = _SEQUENCE.split(data)
    for index in range(0, len(parts), 2):
        text = parts[index]
        if text and wanted != shown:
            # Only what is written after the moves needs the style.
            moves = _MOVE.match(text)
            end = moves.end() if moves else 0
            if end < len(text):
                pieces.append(text[:end])
                pieces.append(_change(shown, wanted))
                shown = wanted
                text = text[end:]
        pieces.append(text)
        if index + 1 < len(parts):
            wanted = _combined(wanted, parts[index + 1])
    if shown != wanted:
        pieces.append(_change(shown, wanted))
    return "".join(pieces)


def _combined(before: str, parameters: str) -> str:
    """Give the style, counted from the plain one, that a sequence leaves where `before` was the style."""
    while parameters in ("", "0") or parameters.startswith("0;"):
        before, parameters = _RESET, parameters[2:]
        if not parameters:
            return _RESET
    return f"{before};{parameters}" if before else parameters


@lru_cache(maxsize=4096)
def _change(old: str, new: str) -> str:
    """Give the shortest sequence that makes the style `new` of the style `old`; both are parameters."""
    whole = f"\x1b[0;{new}m" if old and new else f"\x1b[{new or 0}m"
    before, after = _parsed(old), _parsed(new)
    if before is None or after is None:
        return whole
    gone = [_OFF[kind] for kind in before if kind not in after]
    # Bold that becomes dim, or the like: what was must be switched off first.
    gone += [
        _OFF[kind]
        for kind, codes in after.items()
        if kind not in _COLOURS.values() and before.get(kind, codes) != codes
    ]
    come = [";".join(codes) for kind, codes in after.items() if before.get(kind) != codes]
    change = f"\x1b[{';'.join(gone + come)}m" if gone or come else ""
    return min(change, whole, key=len)


def _parsed(parameters: str) -> _Style | None:
    """Give what a style that starts from the plain one sets, by kind; None when something is not known."""
    style: _Style = {}
    for kind, codes in _settings(parameters):
        if kind is None:
            return None
        style[kind] = (*style.get(kind, ()), *codes) if kind == "weight" else codes
    return {kind: codes for kind, codes in style.items() if codes not in (("39",), ("49",))}


def _settings(parameters: str) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Give each setting of a style with its kind; None is a kind that is not known."""
    codes = parameters.split(";") if parameters else []
    place = 0
    while place < len(codes):
        code = codes[place]
        if code in _COLOURS:
            length = _COLOUR_LENGTHS.get(codes[place + 1] if place + 1 < len(codes) else "", 0)
            taken = tuple(codes[place : place + length])
            yield (_COLOURS[code] if length and len(taken) == length else None), taken
            place += max(1, length)
        else:
            yield _KINDS.get(code), (code,)
            place += 1

"""Characters of a Swedish keyboard: those behind AltGr reach a field, and å ä ö reach a binding.

A terminal without the kitty keyboard protocol sends the character itself, in UTF-8. One with it is asked by
Textual for every key as a sequence, with the text that it makes: ``CSI key ; modifiers ; text u``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.main_job.desk import folders, program
from tests.screens.house import EVA
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.screens.house import House

ALTGR = {"@": "2", "{": "7", "[": "8", "]": "9", "}": "0", "\\": "+", "|": "<", "~": "¨", "€": "e"}
"""What AltGr makes of which key on a Swedish keyboard."""
ISO_LEVEL3_SHIFT = 57453
"""AltGr itself, as the kitty protocol numbers it."""

BOUND = """
from textual.app import App
from textual.binding import Binding
from textual.widgets import Static

class Bound(App):
    BINDINGS = [Binding(key, f"tell('{key}')") for key in ("å", "ä", "ö", "Å", "Ä", "Ö", "q")]
    told = ""

    def compose(self):
        yield Static("ready")

    def action_tell(self, key):
        self.told += key
        self.query_one(Static).update(f"told {self.told}")

Bound().run()
"""
"""An app with bindings on these letters, which shows those that were pressed."""


def kitty(key: str, text: str, modifiers: int | None = None) -> bytes:
    """Give what a terminal with the protocol sends for a key that makes a text."""
    return f"\x1b[{ord(key)};{modifiers or ''};{ord(text)}u".encode()


def test_what_altgr_makes_arrives_in_a_field_from_a_terminal_of_either_kind(house: House) -> None:
    wanted = "".join(ALTGR)
    as_keys = b"".join(f"\x1b[{ISO_LEVEL3_SHIFT}u".encode() + kitty(key, text) for text, key in ALTGR.items())
    # Some terminals, on Windows above all, tell AltGr as Ctrl and Alt together: 1 + 2 + 4.
    as_ctrl_alt = b"".join(kitty(key, text, 7) for text, key in ALTGR.items())
    sent = {"0": (wanted.encode(),), "1": (as_keys, as_ctrl_alt, wanted.encode())}
    for protocol, ways in sent.items():
        more = {"BEHORIG_KITTY_KEY": protocol}
        if protocol == "1":
            more["TEXTUAL_DISABLE_KITTY_KEY"] = ""
        environment = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, **more)
        with program(environment=environment) as terminal:
            terminal.wait_for("40 användare")
            assert (b"\x1b[>25u" in terminal.output) == (protocol == "1")
            terminal.send("ctrl+f" if protocol == "0" else "/")
            for number, way in enumerate(ways, start=1):
                terminal.send_bytes(way)
                # The field shows the end of a long text; the sentence below it says all.
                terminal.wait_for(f"Ingen motsvarar ”{wanted * number}”")
                terminal.rest()


def test_swedish_letters_are_keys_that_a_binding_can_name_from_a_terminal_of_either_kind() -> None:
    letters = "åäöÅÄÖ"
    as_keys = b"".join(kitty(each, each) for each in "åäö") + b"".join(
        kitty(each.lower(), each, 2) for each in "ÅÄÖ"
    )
    for disabled, way in (("1", letters.encode()), ("", as_keys)):
        with Terminal(
            [sys.executable, "-c", BOUND], environment={"TEXTUAL_DISABLE_KITTY_KEY": disabled}
        ) as terminal:
            terminal.wait_for("ready")
            terminal.send_bytes(way)
            terminal.wait_for(f"told {letters}")

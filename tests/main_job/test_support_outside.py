"""Support in the real program: what reaches the terminal's clipboard, and a server that never answers."""

from __future__ import annotations

import base64
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

from tests.main_job.desk import folders, program
from tests.screens.house import EVA, OWNER

if TYPE_CHECKING:
    from tests.screens.house import House
    from tests.terminal import Terminal


def started(house: House, **more: str) -> Terminal:
    environment = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, **more)
    return program(environment=environment, columns=100, rows=40)


def test_a_copy_is_sent_to_the_terminal_and_through_tmux(house: House) -> None:
    data = base64.b64encode(b"bo@sundsvall.example")
    for more, wanted in (
        ({}, b"\x1b]52;c;" + data + b"\x07"),
        ({"TMUX": "/run/tmux,1,0"}, b"\x1bPtmux;\x1b\x1b]52;c;" + data + b"\x07\x1b\\"),
    ):
        with started(house, **more) as terminal:
            terminal.send("4")
            terminal.wait_for("Bo Berg")
            mark = terminal.mark()
            terminal.send("down", "k")
            terminal.wait_for("skickat till terminalens urklipp")
            assert wanted in terminal.bytes_since(mark)


def test_leaving_while_a_server_keeps_silent_takes_no_time_and_loses_no_letter(house: House) -> None:
    # It takes the connection and says nothing, not even hello.
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = str(silent.getsockname()[1])
        more = {"BEHORIG_SMTP_HOST": "127.0.0.1", "BEHORIG_SMTP_PORT": port}
        with started(house, **more) as terminal:
            terminal.send("4")
            terminal.wait_for("Bo Berg")
            terminal.send("b", "enter")
            terminal.wait_for("Vem ska bli")
            for text in (f"{OWNER}-7777", "Åsa", "Öberg", "asa@sundsvall.example"):
                terminal.send(text, "enter")
            terminal.send("f8")
            terminal.wait_for("Brev till kontaktcenter")
            terminal.send("tab", "right", "right", "right", "enter")
            terminal.wait_for("[ Skicka inte ]")
            terminal.send("right", "enter")
            terminal.wait_for("Skickar brevet till")
            began = time.monotonic()
            terminal.send("ctrl+x")
            assert terminal.wait_exit() == 0
            assert time.monotonic() - began < 8
        with started(house, **more) as terminal:
            terminal.send("4")
            # Cut off in the middle: nobody knows, and it is not sent again unasked.
            terminal.wait_for("kanske skickat: Registrera en administratör")

"""The help of every command is in one language, from the first word to the last."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.test_words_in_pictures import ours, words

EVERY_HELP = """
import contextlib, io, json, sys
from tui.language import choose
choose(["--language", sys.argv[1]])
from tui.line.commands import run
from tui.text import _

said = {}

def ask(*command):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run([*command, "--help"])
    said[" ".join(command)] = out.getvalue()
    listed = out.getvalue().partition("\\n" + _("Commands") + ":\\n")[2]
    for line in listed.split("\\n"):
        if not line:
            break
        if line.startswith("  ") and line[2] != " ":
            ask(*command, line.strip())

ask()
json.dump(said, sys.stdout)
"""

# What is typed is the same in both: flags, values to choose from, addresses, files.
TYPED = re.compile(r"--[\w-]+|\S*[/|@=_]\S*|\S+\.\w+|\"[^\"]*\"")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_help_has_no_word_of_the_other_language(language: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_HELP, language],
        env={**os.environ, "BEHORIG_CONFIG": os.devnull, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert len(said) > 10
    english, swedish = ours()
    foreign = english - swedish if language == "sv" else swedish - english
    commands = {part for command in said for part in re.split(r"[ -]", command)}
    found = {
        command: sorted(wrong)
        for command, text in said.items()
        if (wrong := (words(TYPED.sub(" ", text)) & foreign) - commands)
    }
    assert found == {}

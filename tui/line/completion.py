"""``behorig completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import sys
from typing import Literal

from tui.line.commands import program
from tui.session import DONE

Shell = Literal["bash", "zsh", "fish"]


def write_completion(shell: Shell) -> int:
    """Write the script for bash, zsh or fish to stdout."""
    sys.stdout.write(program(whole=True).generate_completion(prog_name="behorig", shell=shell))
    return DONE

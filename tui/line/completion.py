"""``behorig completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import sys
from typing import Literal

from tui.line.commands import program
from tui.session import DONE

Shell = Literal["bash", "zsh", "fish"]


_ZSH = """
# Loaded by its name from a folder of $fpath this is the function itself; read by source it says whose it is.
if [[ "$funcstack[1]" == (_behorig|_cyclopts_behorig) ]]; then
  _cyclopts_behorig "$@"
elif (( $+functions[compdef] )); then
  compdef _cyclopts_behorig behorig
fi
"""


def write_completion(shell: Shell) -> int:
    """Write the script for bash, zsh or fish to stdout."""
    script = program(whole=True).generate_completion(prog_name="behorig", shell=shell)
    sys.stdout.write(script + (_ZSH if shell == "zsh" else ""))
    return DONE

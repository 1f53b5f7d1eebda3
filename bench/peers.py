"""Programs of others to compare with, each in an environment of its own: made when the bench wants it.

Neither the program nor its tests know of them. Where one can not be had, without a network say, the report
says that it was not measured.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.program import ROOT, Program

HARLEQUIN = "harlequin==2.17.0"
"""A database program on Textual; one version, so that figures of different days can be compared."""

_FOLDER = ROOT / ".cache" / "bench" / "peers"
_UV = Path(sys.executable).parent / "uv"
_READY = "ready"
# The catalogue of the database and the key line: what people and key line are to us.
_CATALOGUE = "\N{BLACK RIGHT-POINTING TRIANGLE} main".encode()
_KEYS = rb"\^q Quit"


def command_of(requirement: str, folder: Path = _FOLDER, options: Sequence[str] = ()) -> Path | None:
    """Give the command of a package, installed the first time; None, and a line, where it can not be had.

    `options` are more of `uv pip install`.
    """
    name = requirement.partition("==")[0]
    place = folder / requirement.replace("==", "-")
    if not (place / _READY).exists():
        print(f"making {place.name} … ", end="", flush=True)
        shutil.rmtree(place, ignore_errors=True)
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
        try:
            for command in (
                ["venv", "--python", sys.executable, str(place)],
                # As the program itself is installed: a first start without byte code takes far longer.
                ["pip", "install", "--compile-bytecode", *options, "--python", str(place), requirement],
            ):
                subprocess.run(
                    [_UV, "--quiet", *command], check=True, env=environment, capture_output=True, text=True
                )
        except (OSError, subprocess.CalledProcessError) as error:
            told = str(getattr(error, "stderr", "") or error).strip().splitlines()
            print(f"it can not be had: {told[0] if told else 'no reason was given'}")
            return None
        (place / _READY).touch()
        print("done")
    return place / "bin" / name


def harlequin_start(command: Path, storage: Path) -> tuple[float, float]:
    """Give the seconds until harlequin shows what is in a database, and until its key line is there as well.

    It may not write to the database.
    """
    # A home beside it, that only the first start finds empty.
    home = command.parents[1] / "home"
    home.mkdir(exist_ok=True)
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    with Program([str(command), "--adapter", "sqlite", "--read-only", str(storage)], places) as program:
        return program.wait_for(_CATALOGUE), program.wait_for(_KEYS)

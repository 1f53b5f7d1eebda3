"""The program run as a person runs it, with a home of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tui.main import run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    data: str
    talk: str


@dataclass(frozen=True)
class House:
    """A home folder for a person who has never run the program."""

    home: Path
    patches: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def environment(self, **more: str) -> dict[str, str]:
        """Give the variables of a fresh sign-in: all that the program keeps lies under this home."""
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        return {"HOME": str(self.home), "PATH": path, "LANG": "C.UTF-8", **more}

    def run(self, *arguments: str, **variables: str) -> Answer:
        """Run the program in this process, which is quicker: no terminal is there either."""
        with self.patches.context() as patched:
            for name in [each for each in os.environ if each.startswith(("BEHORIG_", "XDG_"))]:
                patched.delenv(name)
            for name, value in self.environment(**variables).items():
                patched.setenv(name, value)
            self.captured.readouterr()
            code = run(arguments)
            said = self.captured.readouterr()
        return Answer(code, said.out, said.err)

    def run_apart(self, *arguments: str, **variables: str) -> Answer:
        """Run the command in a process of its own."""
        done = subprocess.run(
            ["behorig", *arguments],
            cwd=self.home,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def files(self) -> list[Path]:
        """Give every file under the home."""
        return sorted(path for path in self.home.rglob("*") if path.is_file())

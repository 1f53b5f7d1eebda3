"""The scripts that complete commands, in the shells that they are for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.line.command import House
from tests.terminal import Terminal


def script(house: House, shell: str) -> Path:
    answer = house.run("completion", shell)
    assert (answer.code, answer.talk) == (0, "")
    path = house.home / f"completion.{shell}"
    path.write_text(answer.data)
    return path


BASH = r"""
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
COMP_LINE="${COMP_WORDS[*]}"
COMP_POINT=${#COMP_LINE}
found=$(complete -p behorig) || exit 3
COMPREPLY=()
"${found##*-F }" 2>/dev/null || $(sed -E 's/.*-F ([^ ]+) .*/\1/' <<< "$found")
printf '%s\n' "${COMPREPLY[@]}"
"""


def bash(path: Path, *words: str) -> set[str]:
    """Ask the function that bash calls, as bash does: the words, and the last one to complete."""
    program = BASH.replace('"${found##*-F }" 2>/dev/null || ', "")
    done = subprocess.run(
        ["bash", "--norc", "-c", program, "bash", str(path), "behorig", *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {word.strip() for word in done.stdout.splitlines() if word.strip()}


def test_bash_completes_words_options_and_values(house: House) -> None:
    path = script(house, "bash")
    assert {"users", "permissions", "history", "news", "support"} <= bash(path, "")
    assert bash(path, "us") == {"users"}
    assert bash(path, "users", "") >= {"list", "show", "views"}
    assert bash(path, "users", "list", "--de") == {"--deregistered", "--descending"}
    assert bash(path, "users", "list", "--sort", "") == {"name", "hsa-id", "email", "permissions"}
    assert bash(path, "news", "sh") == {"show"}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_read_the_script_and_complete(house: House, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    path = script(house, shell)
    if shell == "fish":
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {path}; complete -C 'behorig users l'"],
            cwd=house.home, capture_output=True, text=True, check=True, env=house.environment(),
        )  # fmt: skip
        assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == ["list"]
        return
    environment = house.environment(TERM="xterm", PS1="> ", ZDOTDIR=str(house.home))
    start = "autoload -Uz compinit\ncompinit -u\n"
    folder = house.home / "functions"
    folder.mkdir()
    # By its name from a folder, and read whole.
    (folder / "_behorig").write_text(path.read_text())
    for ways in (f"fpath=({folder} $fpath)\n{start}", f"{start}source {path}\n"):
        (house.home / ".zshrc").write_text(ways)
        (house.home / ".zcompdump").unlink(missing_ok=True)
        with Terminal(["zsh", "-i"], environment=environment, directory=house.home) as terminal:
            terminal.wait_for("> ")
            terminal.send("behorig users li", "tab")
            terminal.wait_for("behorig users list", timeout=20)
            terminal.send("--desc", "tab")
            terminal.wait_for("behorig users list --descending", timeout=20)

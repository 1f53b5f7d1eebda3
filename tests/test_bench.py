"""The report of the bench says what holds and what does not; what it measures is no test."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench.__main__ import Part, main
from bench.figure import Figure, Peer, line
from bench.peers import HARLEQUIN, command_of


def part(*figures: Figure, seen: list[Sequence[int]] | None = None) -> Part:
    """A part that measures nothing and notes the sizes that it was given."""

    def measure(sizes: Sequence[int]) -> list[Figure]:
        if seen is not None:
            seen.append(sizes)
        return list(figures)

    return measure


KEPT = Figure("start", 1.2, 1.3, Peer("DataTable", 1.33))
OVER = Figure("step", 956, 600, unit="bytes")
TOLD = Figure("hello", 275, None, unit="ms")


def test_a_line_tells_value_ceiling_peer_and_verdict() -> None:
    assert line(KEPT).split() == ["start", "1.20", "x", "at", "most", "1.30", "(DataTable", "1.33)"]
    assert line(OVER).split() == ["step", "956", "bytes", "at", "most", "600", "OVER", "ITS", "CEILING"]
    assert line(TOLD).split() == ["hello", "275", "ms", "reported"]


@pytest.mark.parametrize(
    ("arguments", "code", "summary"),
    [
        ([], 0, "1 of 2 budgets hold"),
        (["--strict"], 1, "1 of 2 budgets hold"),
        (["--strict", "fast"], 0, "1 of 1 budgets hold"),
        (["slow"], 0, "0 of 1 budgets hold"),
    ],
)
def test_a_budget_that_does_not_hold_fails_only_when_asked_to(
    arguments: list[str], code: int, summary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts: Mapping[str, Part] = {"fast": part(KEPT, TOLD), "slow": part(OVER)}
    assert main(arguments, parts) == code
    printed = capsys.readouterr().out
    assert f"== {summary}" in printed
    told_at_the_end = printed.partition(summary)[2]
    assert ("OVER ITS CEILING" in told_at_the_end) == (arguments != ["--strict", "fast"])


def test_quick_leaves_out_a_million_and_an_unknown_part_is_refused() -> None:
    seen: list[Sequence[int]] = []
    parts = {"fast": part(KEPT, seen=seen)}
    main([], parts)
    main(["--quick"], parts)
    assert [1_000_000 in sizes for sizes in seen] == [True, False]
    assert all(sizes[0] == 1_000 for sizes in seen)
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"], parts)
    assert ended.value.code == 2


@pytest.mark.parametrize("name", ["start: people to hello", "start: people to harlequin==2.17.0"])
def test_a_peer_that_was_not_measured_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([], {"start": part(Figure(name, 0.4, 0.5))})
    told = capsys.readouterr().out.partition("Not measured:")[2]
    assert ("harlequin" in told) == ("harlequin" not in name)
    assert "a server" in told


def test_a_peer_that_cannot_be_had_is_none_and_is_tried_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert command_of(HARLEQUIN, tmp_path, ("--offline", "--no-cache")) is None
        assert "it can not be had: " in capsys.readouterr().out

"""One measured figure: what was measured, its ceiling, and what a peer does in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """How another program or library does the same work, in the unit of the figure."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. It keeps its budget when it is at most `ceiling`; None when it is only reported.

    `unit` is `x` for a ratio (the name says to what), else `ms`, `bytes` and the like.
    """

    name: str
    value: float
    ceiling: float | None
    peer: Peer | None = None
    unit: str = "x"

    @property
    def kept(self) -> bool:
        """Whether the value keeps to its ceiling."""
        return self.ceiling is None or self.value <= self.ceiling


def line(figure: Figure) -> str:
    """Give the figure as one line of a report."""
    ceiling = "reported" if figure.ceiling is None else f"at most {_number(figure.ceiling)}"
    verdict = "" if figure.kept else "  OVER ITS CEILING"
    peer = f"  ({figure.peer.name} {_number(figure.peer.value)})" if figure.peer else ""
    return f"{figure.name:<82}{_number(figure.value):>9} {figure.unit:<6}{ceiling}{peer}{verdict}"


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value)}"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"

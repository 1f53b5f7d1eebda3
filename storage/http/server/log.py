"""The log: a JSON object a line, about requests and never about people (DESIGN 4.10).

It holds no HSA-id, name, token or parameter: of an address only the route is told, and of an error only
its kind and where in the code it arose, since its text may hold values.
"""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from structlog.typing import EventDict

MOST_FRAMES: Final = 30

_encode: Final = json.JSONEncoder(default=str).encode


class Log(Protocol):
    """What writes lines; structlog's loggers are such."""

    def info(self, event: str, **values: Any) -> Any:
        """Tell what happened."""
        ...

    def warning(self, event: str, **values: Any) -> Any:
        """Tell what somebody should look at."""
        ...

    def error(self, event: str, **values: Any) -> Any:
        """Tell what went wrong."""
        ...


def log_to(file: TextIO, clock: Callable[[], datetime]) -> Log:
    """Make a log that writes to a file, each line with its moment in UTC."""
    import structlog

    def stamped(_logger: Any, _method: str, event: EventDict) -> EventDict:
        return {"at": clock().isoformat(timespec="milliseconds"), **event}

    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[structlog.processors.add_log_level, stamped, _line],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        # Put together now, and not at each line.
    ).bind()
    return log


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    """Give a line as JSON, in which no control character is raw.

    structlog's own renderer makes an encoder for each line, which takes longer than all else of it.
    """
    return _encode(event)


def where(error: BaseException) -> dict[str, Any]:
    """Tell of an error what holds no values: its kind, those it came from, and the lines of the code."""
    kinds: list[str] = []
    frames: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(kinds) < MOST_FRAMES:
        kinds.append(type(seen).__name__)
        frames += [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    return {"error": kinds, "frames": frames[-MOST_FRAMES:]}

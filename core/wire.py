"""Structs to bytes and back, for the history, the drafts and whatever carries a changeset.

Value types travel as plain strings and are checked on the way in; unknown fields are refused.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec

from core.identity import VALUE_TYPES
from core.refusal import Refusal, WrongValueError
from core.text import shown

T = TypeVar("T")


def _encode(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} cannot be written")


def _decode(kind: type, value: Any) -> Any:
    if kind not in VALUE_TYPES:
        raise NotImplementedError(f"{kind.__name__} cannot be read")
    if not isinstance(value, str):
        raise WrongValueError(Refusal("form"))
    return kind(value)


_encoder = msgspec.json.Encoder(enc_hook=_encode, order="deterministic")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """Give a struct as JSON; the same value always gives the same bytes."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Read a struct from JSON; anything else is a :class:`WrongValueError`.

    A wrong value keeps its own refusal; all else is ``form``. Both say where: in ``place`` as a path such as
    ``$.changes[0].id``, with a ``fault`` (``unknown``, ``missing`` or ``value``); where it is no JSON at
    all by ``line`` and ``column``, both from 1.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=_decode)
    try:
        return decoder.decode(data)  # type: ignore[no-any-return]  # the decoder was made for kind
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        where = _where(data, error)
        wrong = error.__cause__
        if isinstance(wrong, WrongValueError) and wrong.refusal.code != "form":
            refusal = wrong.refusal
            params = {**refusal.params, "place": where.get("place", "")}
            raise WrongValueError(Refusal(refusal.code, refusal.subject, params)) from error
        raise WrongValueError(Refusal("form", "", {**where})) from error


_PATH: Final = re.compile(r" - at `(\$[^`]*)`\Z")
_NAME: Final = re.compile(
    r"Object (?:contains (unknown)|(missing) required) field `(.*?)`(?: - at|\Z)", re.DOTALL
)
_BYTE: Final = re.compile(r"\(byte ([0-9]+)\)\Z")
_LONGEST_PLACE: Final = 200


def _where(data: bytes, error: Exception) -> dict[str, str]:
    """Tell where data is wrong; names that stood in it are made harmless."""
    if isinstance(error, msgspec.ValidationError):
        text = str(error)
        path, named = _PATH.search(text), _NAME.match(text)
        place = path[1] if path else "$"
        if named:
            place = f"{place}.{named[3]}"
        fault = (named[1] or named[2]) if named else "value"
        return {"place": shown(place, _LONGEST_PLACE), "fault": fault}
    if isinstance(error, RecursionError):
        return {"place": "$", "fault": "value"}
    found = _BYTE.search(str(error))
    at = int(found[1]) if found else len(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        at = min(at, wrong.start)
    before = data[:at].split(b"\n")
    column = len(before[-1].decode("utf-8", "replace")) + 1
    return {"line": str(len(before)), "column": str(column)}

"""Structs to bytes and back, for the history, the drafts and whatever carries a changeset.

Value types travel as plain strings and are checked on the way in; unknown fields are refused.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from core.identity import VALUE_TYPES
from core.refusal import Refusal, WrongValueError

T = TypeVar("T")


def _encode(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} cannot be written")


def _decode(kind: type, value: Any) -> Any:
    if kind in VALUE_TYPES and isinstance(value, str):
        return kind(value)
    raise NotImplementedError(f"{kind.__name__} cannot be read")


_encoder = msgspec.json.Encoder(enc_hook=_encode, order="deterministic")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """Give a struct as JSON; the same value always gives the same bytes."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Read a struct from JSON; anything else is a :class:`WrongValueError` that names the place."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=_decode)
    try:
        return decoder.decode(data)  # type: ignore[no-any-return]  # the decoder was made for kind
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise WrongValueError(Refusal("form", "", {"place": str(error)[:200]})) from error

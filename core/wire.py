"""Structs to bytes and back, for the history, the drafts and whatever carries a changeset.

Value types travel as plain strings and are checked on the way in; unknown fields are refused.
"""

from __future__ import annotations

from typing import Any, TypeVar

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

    A wrong value keeps its own refusal; all else is ``form``. Both say where, in ``place``.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=_decode)
    try:
        return decoder.decode(data)  # type: ignore[no-any-return]  # the decoder was made for kind
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The sentence may repeat names that stood in the data.
        place = shown(str(error), 200)
        wrong = error.__cause__
        refusal = wrong.refusal if isinstance(wrong, WrongValueError) else Refusal("form")
        raise WrongValueError(
            Refusal(refusal.code, refusal.subject, {**refusal.params, "place": place})
        ) from error

"""What a request brings in its header ``Authorization`` (RFC 6750)."""

from __future__ import annotations

import re
from typing import Final

from storage.http.callers import Call
from storage.http.signin.refuse import refuse

LONGEST: Final = 8192
"""Bytes of a credential: longer ones are refused before anybody looks into them."""

_FORM: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*) *")


def bearer(call: Call) -> str | None:
    """Give the bearer token that a request brings, ``None`` where it brings none.

    Raises:
        NotSignedInError: there are several, another kind of credential, or one that is too long.
    """
    values = list(call.values("authorization"))
    if not values:
        return None
    found = _FORM.fullmatch(values[0]) if len(values[0]) <= LONGEST + 16 else None
    if len(values) > 1 or found is None or len(found[1]) > LONGEST:
        raise refuse("credential_form")
    return found[1].decode("ascii")

"""``[server.limits]``: what a server puts up with, as somebody who runs one may set it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from core.refusal import Refusal
from storage.http.server.limits import Limits, Rate
from storage.http.signin.config import WrongSettingError

TABLES: Final = ("tokens", "oidc", "certificates", "limits")
"""The tables in ``[server]``; the first three are the ways to sign in."""
PER_ADDRESS: Final = 4
"""An office has one address and several people."""


class LimitsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one credential may do, and all of them together.

    ``each_second`` and ``at_once`` are requests of one credential, :data:`PER_ADDRESS` times as many of one
    address. ``most_body`` is in bytes, ``seconds`` how long a request may take, ``at_work`` how many the
    storage is given at a time, ``streams`` how many may follow, ``streams_each`` by one credential.
    """

    each_second: int = 50
    at_once: int = 200
    most_body: int = 1_000_000
    seconds: int = 30
    at_work: int = 64
    streams: int = 1_000
    streams_each: int = 4

    def limits(self) -> Limits:
        """Give them as the server counts."""
        return Limits(
            caller=Rate(each_second=self.each_second, at_once=self.at_once),
            source=Rate(each_second=PER_ADDRESS * self.each_second, at_once=PER_ADDRESS * self.at_once),
            most_body=self.most_body,
            seconds=self.seconds,
            at_work=self.at_work,
            streams=self.streams,
            streams_each=self.streams_each,
        )


def read_limits(server: Mapping[str, object]) -> Limits:
    """Read the limits in ``[server]``, the usual ones where nothing is said.

    Raises:
        WrongSettingError: a limit or a table that there is not, or a value that is no whole number from 1.
    """
    for name, value in server.items():
        if isinstance(value, dict) and name not in TABLES:
            raise WrongSettingError("", Refusal("setting_unknown", name, {"known": ", ".join(TABLES)}))
    found = server.get("limits", {})
    if not isinstance(found, dict):
        raise WrongSettingError("limits", Refusal("setting_table", "", {"table": "limits"}))
    known = LimitsConfig.__struct_fields__
    for name, value in found.items():
        if name not in known:
            raise WrongSettingError("limits", Refusal("setting_unknown", name, {"known": ", ".join(known)}))
        if type(value) is not int or value < 1:
            raise WrongSettingError("limits", Refusal("setting_number", name))
    return LimitsConfig(**found).limits()

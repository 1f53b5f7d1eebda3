"""``behorig history``: what has happened, as data on stdout."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from core.ports import StorageError
from core.refusal import WrongValueError
from tui import assemble
from tui.desk import Desk
from tui.history import HistoryFilter
from tui.history_export import Form, exported
from tui.session import DONE, REFUSED, StartError
from tui.settings import configuration_path, read_settings, wrong
from tui.signin import storage_error
from tui.text import _
from tui.text.read_day import read_day
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.settings import Settings


def run_history(
    flags: Mapping[str, str], *, as_csv: bool, as_json: bool, from_day: str | None, until_day: str | None
) -> int:
    """Write the history of the organisation that somebody signs in to; ``flags`` are those of a start.

    Raises:
        StartError: it is called wrongly, the storage cannot be read, or it is not for this person.
    """
    if as_csv == as_json:
        raise wrong(_("Say how it is to be written: --csv or --json."))
    settings = read_settings(dict(flags))
    if settings.storage is None or settings.hsa_id is None:
        raise wrong(
            _(
                "Name the storage with --storage and yourself with --as, or in {file}.",
                file=str(configuration_path()),
            )
        )
    form = Form.CSV if as_csv else Form.JSON_LINES
    return asyncio.run(_write(settings, form, from_day, until_day))


async def _write(settings: Settings, form: Form, from_day: str | None, until_day: str | None) -> int:
    session = await assemble.connect(settings)
    try:
        desk = Desk(session.service, session.drafts, session.membership.organisation.id)
        await desk.load()
        days = {
            name: None if text is None else read_day(text, desk.today)
            for name, text in (("--from", from_day), ("--until", until_day))
        }
        for name, text in (("--from", from_day), ("--until", until_day)):
            if text is not None and days[name] is None:
                told = _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=text)
                raise wrong(f"{name}: {told}")
        wanted = HistoryFilter(from_day=days["--from"], until_day=days["--until"])
        async for _events, data in exported(desk, wanted, form):
            sys.stdout.buffer.write(data)
        return DONE
    except StorageError as error:
        raise storage_error(error) from error
    except WrongValueError as error:
        raise StartError(sentence(error.refusal), REFUSED) from error
    finally:
        sys.stdout.buffer.flush()
        await session.close()

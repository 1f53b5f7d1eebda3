"""``behorig follow``: what others write, as it is written, until it is interrupted."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from core.directory import AUTHORITY, Role
from core.queries import NewsSince
from tui.history_export import COLUMNS, Form, event_values, lines
from tui.line.history import history_fields, history_line
from tui.line.naming import organisation_named
from tui.line.output import Form as OutputForm
from tui.line.output import Output, form_of
from tui.line.session import run
from tui.session import DONE
from tui.settings import wrong
from tui.terminal import say
from tui.text import _

if TYPE_CHECKING:
    from tui.line.options import Forms, SignIn
    from tui.line.session import SignedIn


def follow(options: SignIn, forms: Forms, *, organisation: str | None) -> int:
    """Write each event as it comes, and end only when the storage or the person does.

    Raises:
        StartError: it is called wrongly, or the storage does not answer any more.
    """
    form = form_of(forms)
    if form is OutputForm.CSV:
        raise wrong(_("A spreadsheet has an end: use --json, --flat or none of them."))
    return run(options, partial(_follow, form=form, organisation=organisation))


async def _follow(here: SignedIn, *, form: OutputForm, organisation: str | None) -> int:
    home = here.desk.organisation_id
    if organisation is not None:
        home = (await organisation_named(here, organisation)).id
    followed = frozenset({home, AUTHORITY} if here.actor.role is not Role.USER else {home})
    question = NewsSince(organisation_ids=followed)
    with Output(OutputForm.LINES if form is OutputForm.JSON else form, "history", history_fields()) as output:
        async with aclosing(here.service.follow(question)) as stream:
            # The first answer is the place: only what is written after it is told.
            await anext(stream)
            say(_("Following what is written; Ctrl+C ends it."))
            async for news in stream:
                for write in news.writes:
                    words = here.words(write.names)
                    if form is OutputForm.JSON:
                        output.lines(
                            line.decode().rstrip("\n") for line in lines(write, words, Form.JSON_LINES)
                        )
                    else:
                        for event in write.events:
                            values = event_values(write, event, words)
                            output.row({name: values[name] for name in COLUMNS}, history_line(values))
                    output.flush()
    return DONE

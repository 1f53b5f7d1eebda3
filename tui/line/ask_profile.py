"""The question that is asked once before the first full screen: how one reads the screen.

In plain lines, because whoever needs another profile may be able to read nothing else. It is not asked
where a setting says it, where it was asked on this machine before, or where the storage remembers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.line.ask import choose
from tui.looks import PROFILE_NAMES, Choice
from tui.text import _

if TYPE_CHECKING:
    from tui.settings import Settings


def remembered(settings: Settings) -> Choice | None:
    """Give what the storage remembers of the person, an empty choice where that is nothing.

    ``None`` where nobody can be asked about it: what is wrong is told by the start of the full screen.
    This loads the storage before the first frame, which only the very first start on a machine pays for.
    """
    import asyncio  # for the same reason

    from core.ports import StorageError, is_unknown_there
    from core.queries import OwnPreferences
    from tui.assemble.session import connect
    from tui.session import ChooseOrganisation, StartError

    async def ask() -> Choice | None:
        try:
            session = await connect(settings, with_drafts=False)
        except ChooseOrganisation:
            return Choice()  # it has several accounts: which is asked later
        except StartError:
            return None
        try:
            found = await session.service.ask(OwnPreferences())
        except StorageError as error:
            # A server of an earlier version remembers nothing, and so the person is asked.
            return Choice() if is_unknown_there(error.refusal) else None
        finally:
            await session.close()
        return Choice(found.profile, found.switches, found.at)

    return asyncio.run(ask())


def ask_profile() -> str:
    """Ask for a profile and give it; Enter takes the usual one."""
    title = _(
        "How do you read the screen? You can change it at any time with {key}.", key=key_of("app.display")
    )
    place = choose(title, [_(name) for name in PROFILE_NAMES.values()])
    return list(PROFILE_NAMES)[place]

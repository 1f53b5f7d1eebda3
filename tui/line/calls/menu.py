"""How the menu is called."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from tui.line.options import NOBODY_SAID, SignIn
from tui.settings import need_named, read_settings


def menu(sign_in: SignIn = NOBODY_SAID) -> int:
    """Do every task by numbered choices in plain lines."""
    from tui.menu.run import run_menu  # help needs none of it

    settings = read_settings(sign_in.flags)
    need_named(settings)
    return run_menu(settings)

"""How the commands are called that are about the configuration."""


def show() -> int:
    from tui.line.config import run_show  # help needs no settings

    return run_show()


def validate() -> int:
    from tui.line.config import run_validate  # help needs no settings

    return run_validate()


def path() -> int:
    from tui.line.config import run_path  # help needs no settings

    return run_path()


def schema() -> int:
    from tui.line.config import run_schema  # help needs no settings

    return run_schema()

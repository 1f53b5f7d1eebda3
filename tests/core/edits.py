"""An empty draft, and the edits of cells that are laid in it."""

from core.draft import CellEdit, Draft
from tests.builders import NORTH, SCHOOL

EMPTY = Draft(organisation_id=NORTH, actor_id="admin-1")


def on(account_id: str, permission_id: str = SCHOOL, *, seen: bool = False) -> CellEdit:
    """Give the edit by which somebody shall have a permission."""
    return CellEdit(account_id, permission_id, True, seen)


def off(account_id: str, permission_id: str = SCHOOL, *, seen: bool = True) -> CellEdit:
    """Give the edit by which somebody shall not have a permission."""
    return CellEdit(account_id, permission_id, False, seen)

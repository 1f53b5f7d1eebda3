"""A draft store for tests without a disk."""

from core.draft import Draft
from core.ports import StorageError
from core.refusal import Refusal


class Kept:
    """A draft store that holds what was saved last, as the disk of a killed process does."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.full = False

    def load(self) -> Draft | None:
        return self.draft

    def save(self, draft: Draft) -> None:
        if self.full:
            raise StorageError(Refusal("draft_full", "draft", {"path": "drafts"}))
        self.draft = draft

    def drop(self) -> None:
        self.draft = None

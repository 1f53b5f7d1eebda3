"""What of the history can be filtered by, and that each of it has a name."""

from core.history import EVENT_KINDS
from tui.history import EVENT_NAMES, HistoryFilter


def test_every_kind_of_event_has_a_name_to_filter_by() -> None:
    assert set(EVENT_NAMES) == set(EVENT_KINDS)
    assert len(set(EVENT_NAMES.values())) == len(EVENT_NAMES)


def test_nothing_chosen_asks_for_everything() -> None:
    question = HistoryFilter().question("kommun-2281")
    assert {getattr(question, name) for name in ("account_id", "actor_id", "permission_id", "from_day")} == {
        None
    }

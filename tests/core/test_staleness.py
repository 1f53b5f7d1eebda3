"""What is stale and what a rule is against: a script looks anew after the one, and stops after the other."""

from core.refusal import Refusal
from core.staleness import _NEVER, _SAYS_SO, all_stale, is_stale
from tui.text.refusals import SENTENCES


def test_what_compares_with_what_was_seen_is_stale_whoever_looked_before() -> None:
    for code in _SAYS_SO:
        assert is_stale(Refusal(code), was_accepted=False)
    assert set(SENTENCES) >= _SAYS_SO | _NEVER, "a code that nobody gives is a typing error"


def test_what_the_rules_took_before_has_changed_since_unless_it_is_about_the_writer() -> None:
    taken = Refusal("already_granted", "a")
    assert not is_stale(taken, was_accepted=False)
    assert is_stale(taken, was_accepted=True)
    for code in _NEVER:
        assert not is_stale(Refusal(code), was_accepted=True)


def test_a_write_is_stale_only_if_nothing_else_stands_in_its_way() -> None:
    changed, role = Refusal("account_changed_since", "a"), Refusal("not_your_role")
    assert all_stale((changed, changed), was_accepted=True)
    assert not all_stale((changed, role), was_accepted=True)

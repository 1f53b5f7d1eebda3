"""How somebody wants the program to look: what is kept is read again, and what a later program kept too."""

from hypothesis import given
from hypothesis import strategies as st

from core.preferences import Glyphs, Profile, Switches, profile_of, switches_of, words_of

ON_OR_OFF = st.none() | st.booleans()
SWITCHES = st.builds(
    Switches,
    cursor=ON_OR_OFF,
    borders=ON_OR_OFF,
    live_detail=ON_OR_OFF,
    row_marker=ON_OR_OFF,
    glyphs=st.none() | st.sampled_from(Glyphs),
    toasts=ON_OR_OFF,
    letters=ON_OR_OFF,
)


@given(SWITCHES, st.dictionaries(st.text(), st.text()))
def test_what_was_switched_is_read_again_also_among_words_of_a_later_program(
    switches: Switches, later: dict[str, str]
) -> None:
    assert switches_of(words_of(switches)) == switches
    unknown = {name: word for name, word in later.items() if name not in Switches.__struct_fields__}
    assert switches_of({**unknown, **words_of(switches)}) == switches


@given(st.dictionaries(st.sampled_from(Switches.__struct_fields__), st.text()))
def test_a_word_that_is_not_known_is_as_the_profile_says(words: dict[str, str]) -> None:
    known = {"on", "off", *Glyphs}
    if not known.intersection(words.values()):
        assert switches_of(words) == Switches()


def test_a_profile_of_a_later_program_is_none_that_is_known() -> None:
    assert [profile_of(each.value) for each in Profile] == list(Profile)
    assert profile_of("hologram") is None
    assert profile_of("") is None

"""The Swedish telephone alphabet."""

from core.spelling import ALPHABET, spelled


def test_an_hsa_id_is_said_letter_by_letter() -> None:
    said = " ".join(each for _, each in spelled("SE5565594230-YJ54"))
    assert said == ("Sigurd Erik fem fem sex fem fem nio fyra två tre noll bindestreck Yngve Johan fem fyra")
    assert [each for each, _ in spelled("SE5565594230-YJ54")] == list("SE5565594230-YJ54")


def test_small_letters_are_said_like_capitals_and_swedish_letters_have_names() -> None:
    assert [said for _, said in spelled("aåÄö")] == ["Adam", "Åke", "Ärlig", "Östen"]
    assert len(ALPHABET) == 29
    assert all(word.startswith(letter) for letter, word in ALPHABET.items())


def test_what_has_no_name_is_said_as_it_is() -> None:
    assert spelled("é?.") == (("é", "é"), ("?", "?"), (".", "punkt"))

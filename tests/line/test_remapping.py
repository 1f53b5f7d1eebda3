"""The table ``[keys]``: what may be written there, what is refused and why, clashes with both names."""

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import Input, TextArea

from tui.actions import (
    ACTIONS,
    DIALOG_ACTIONS,
    IN_DIALOGS,
    MOVES,
    WAYS_OUT,
    Action,
    action_by_id,
    key_names,
    key_of,
    keys_of,
)
from tui.keys import (
    ASSIGNABLE,
    IN_FIELDS,
    SIGNS,
    Keymap,
    UnusableKeyError,
    is_character,
    keymap_in_force,
    read_key,
    use_keymap,
)
from tui.session import StartError
from tui.settings import read_settings
from tui.widgets.field import Field
from tui.widgets.text_box import TextBox


def chosen(folder: Path, *lines: str) -> dict[str, tuple[str, ...]]:
    """Give the keys of a configuration with these lines in its table."""
    path = folder / "config.toml"
    path.write_text("\n".join(("[keys]", *lines)), encoding="utf-8")
    return dict(read_settings({}, {"BEHORIG_CONFIG": str(path)}).keys)


def refused(folder: Path, *lines: str) -> list[str]:
    """Give the sentences that a configuration is refused with, without the name of the file."""
    with pytest.raises(StartError) as caught:
        chosen(folder, *lines)
    return [each.removeprefix(f"{folder / 'config.toml'}, ") for each in caught.value.sentence.splitlines()]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("g", "g"), ("G", "g"), ("å", "å"), ("Ä", "ä"), ("a\N{COMBINING RING ABOVE}", "å"),
        ("latin_small_letter_o_with_diaeresis", "ö"), ("7", "7"), ("F4", "f4"), ("Ctrl+Y", "ctrl+y"),
        ("ctrl-y", "ctrl+y"), ("Ctrl + Y", "ctrl+y"), ("mellanslag", "space"), (" ", "space"),
        ("Esc", "escape"), ("Delete", "delete"), ("del", "delete"), ("Retur", "enter"), ("+", "plus"),
        ("plus", "plus"), ("/", "slash"), ("Question_mark", "question_mark"),
    ],
)  # fmt: skip
def test_keys_are_written_as_people_write_them(written: str, key: str) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("[", "AltGr"), ("@", "AltGr"), ("~", "AltGr"), ("^", "två tryck"), ("right_curly_bracket", "AltGr"),
        ("é", "inte på alla svenska tangentbord"), ("alt+a", "AltGr"), ("AltGr+e", "AltGr"),
        ("Ctrl+H", "backsteg"), ("ctrl+i", "Tabb"), ("ctrl+m", "Enter"), ("ctrl+s", "stoppar"),
        ("ctrl+q", "stoppar"), ("ctrl+z", "vila"), ("ctrl+b", "tmux"), ("ctrl+a", "screen"),
        ("ctrl+c", "lämnar programmet"), ("ctrl+å", "ingen sådan tangent"), ("shift+g", "Skift"),
        ("F10", "skrivbord"), ("f12", "skrivbord"), ("up", "flyttar markören"), ("Tab", "flyttar markören"),
        ("", "ingen sådan"), ("mellanslagg", "ingen sådan"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_relied_on_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(UnusableKeyError, match=reason):
        read_key(written)


def test_several_keys_to_an_action_in_quotation_marks_or_as_a_table(tmp_path: Path) -> None:
    assert chosen(
        tmp_path,
        '"permissions.give" = ["å", "Ctrl+Y", "Å"]',
        'users.detail = "ö"',
        '"people.unmark_all" = []',
        '"table.cursor_down" = "+"',
        '"people.all" = "ä"',
        "[keys.news]",
        'unread = "F4"',
    ) == {
        "permissions.give": ("å", "ctrl+y"),
        "users.detail": ("ö",),
        "people.unmark_all": (),
        "table.cursor_down": ("plus", "down"),
        "people.all": ("ä", "escape"),
        "news.unread": ("f4",),
    }


WRONG = """
rad 2: det finns inget kommando "permisions.give". Menade du "permissions.give", "person.give", \
"permissions.toggle"?
rad 4: "alt+m" kan inte vara tangent här: många terminaler behåller Alt för egen del, och AltGr räknas dit.
rad 5: "spce" kan inte vara tangent här: det finns ingen sådan tangent. Menade du "space"?
rad 6: tangenterna för "users.amend" skrivs som en text eller en lista av texter, till exempel ["g", "å"].
rad 7: "app.quit" behöver en tangent som inte är en bokstav, en siffra eller ett tecken, till exempel \
Ctrl+X: utan den hittar ingen vägen när sådana tangenter är avstängda.
rad 8: "app.help" behöver en tangent som inte är en bokstav, en siffra eller ett tecken, till exempel F1: \
utan den hittar ingen vägen när sådana tangenter är avstängda.
rad 9: "esc" kan inte vara tangent här: den är vägen tillbaka överallt.
rad 10: "enter" kan inte vara tangent här: den väljer det som markören står på.
rad 3: "F6" skulle bli tangent för både "users.detail" (Detaljer) och "app.messages" (Meddelanden). \
Välj en annan för den ena.
rad 12: "J" skulle bli tangent för både "permissions.fold" (Vik ihop eller ut) och "people.compare" \
(Jämför två dagar). Välj en annan för den ena.
rad 14: "F1" skulle bli tangent för både "form.go_on" (Gå vidare) och "app.help" (Hjälp). \
Välj en annan för den ena.
"""


def test_all_that_is_wrong_is_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    assert (
        refused(
            tmp_path,
            '"permisions.give" = "å"',
            '"users.detail" = "F6"',
            '"people.mark" = ["m", "alt+m"]',
            '"people.sort" = "spce"',
            '"users.amend" = 5',
            '"app.quit" = "q"',
            '"app.help" = []',
            '"people.history" = "esc"',
            '"app.review" = "enter"',
            "# a key that two have in the matrix, and only there",
            '"permissions.fold" = "j"',
            "[keys.form]",
            'go_on = "F1"',
        )
        == WRONG.strip().splitlines()
    )


def test_a_key_that_another_action_gave_up_can_be_had(tmp_path: Path) -> None:
    assert chosen(tmp_path, '"users.detail" = "f6"', '"app.messages" = "z"') == {
        "users.detail": ("f6",),
        "app.messages": ("z",),
    }
    # The same key for two that nobody has at the same time.
    assert chosen(tmp_path, '"permissions.give" = "å"', '"users.detail" = "å"')


def test_the_table_is_one(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "dark"\nkeys = "g"\n', encoding="utf-8")
    with pytest.raises(StartError, match=r"rad 2: skriv \[keys\]"):
        read_settings({}, {"BEHORIG_CONFIG": str(path)})


def test_without_single_letters_every_action_has_another_key_or_is_found_in_the_palette() -> None:
    before = keymap_in_force()
    try:
        use_keymap(Keymap(letters=False))
        for action in (*ACTIONS, *DIALOG_ACTIONS, *MOVES):
            assert not [key for key in keys_of(action) if is_character(key)]
        for id in WAYS_OUT:
            assert keys_of(action_by_id(id)), id
        for action in ACTIONS:
            if "escape" in action.keys:
                assert "escape" in keys_of(action)
        assert key_of("people.compare") == "Ctrl+P, Jämför två dagar"
        assert key_names(action_by_id("people.search")) == "Ctrl+F"
    finally:
        use_keymap(before)


def test_every_sign_that_can_be_chosen_is_one_that_textual_calls_so() -> None:
    for sign, name in SIGNS.items():
        if sign != ",":  # which divides keys
            assert [each.key for each in Binding.make_bindings([Binding(sign, "nothing")])] == [name]
    assert set(SIGNS.values()) < set(ASSIGNABLE)


@pytest.mark.parametrize(
    ("action", "usual"),
    [(each, key_names(each).split(", ")[0]) for each in DIALOG_ACTIONS if "escape" not in each.keys]
    + [(action_by_id(each), key_of(each)) for each in IN_DIALOGS if each not in WAYS_OUT],
)
@pytest.mark.parametrize("keys", ['"ä"', '"F6"', "[]", '["ö", "Mellanslag", "Ctrl+W"]'])
def test_what_is_done_in_forms_has_a_key_that_no_field_takes(
    tmp_path: Path, action: Action, usual: str, keys: str
) -> None:
    told = (
        f'rad 2: "{action.id}" behöver en tangent som inget fält man skriver i tar: {usual}, till exempel. '
        "Fält tar bokstäver, siffror, tecken och Ctrl+E, Ctrl+K, Ctrl+U, Ctrl+W, Ctrl+X, Ctrl+Y, Delete, F6, "
        "F7, Mellanslag. Utan en annan tangent nås kommandot inte i ett formulär."
    )
    if action.id == "app.jump":
        # Tab comes to all that one can jump to, so it may be without a key; the one it has is to work.
        told += " Det kan också vara utan, []."
        if keys == "[]":
            assert chosen(tmp_path, '"app.jump" = []') == {"app.jump": ()}
            return
    assert refused(tmp_path, f'"{action.id}" = {keys}') == [told]
    assert chosen(tmp_path, f'"{action.id}" = ["ä", "F9"]', '"app.display" = []')[action.id] == ("ä", "f9")


def test_help_is_in_reach_while_one_writes(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, '"app.help" = "Mellanslag"')
    assert told.startswith('rad 2: "app.help" behöver en tangent som inget fält man skriver i tar')


def test_the_keys_that_fields_take_are_those_that_fields_have() -> None:
    of_fields = {
        each.key
        for kind in (Field, Input, TextBox, TextArea)
        for each in Binding.make_bindings(kind.BINDINGS)
    }
    # Enter is no key of a dialog's actions.
    assert (of_fields & set(ASSIGNABLE)) - {"enter"} | {"space"} == IN_FIELDS

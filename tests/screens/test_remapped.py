"""Other keys than usual: everything that names a key follows, and without single letters nothing is lost."""

import msgspec

from tests.screens.house import House
from tests.screens.visit import visiting
from tui.keys import Keymap
from tui.screens.dialogs import Dialog
from tui.settings import Settings
from tui.wishes import Wishes

OWN = Keymap(
    {
        "permissions.give": ("å", "ctrl+y"),
        "app.review": ("f4",),
        "form.go_on": ("f6",),
        "app.messages": ("ö",),
        "users.register": ("plus",),
        "users.amend": ("ä",),
        "people.compare": (),
        "table.cursor_down": ("j",),
        "dialog.close": ("z", "escape"),
        "app.users": ("f5",),
        "people.reload": ("ctrl+r",),
    }
)


async def test_chosen_keys_do_what_they_are_for_and_are_named_wherever_a_key_is(house: House) -> None:
    async with visiting(house, size=(120, 40), keymap=OWN) as visit:
        await visit.sees("F5 Användare", "+ Ny användare", "Ä Ändra", "F4 Granska")
        # A move of one's own, also in the help, where what has no key has none.
        before = visit.app.place
        await visit.press("j")
        assert visit.app.place != before
        await visit.press("f1")
        await visit.sees("Går till raden nedanför")
        assert visit.line_with("Går till raden nedanför").strip(" │").startswith("J")
        await visit.press("j", "J", "z")
        await visit.sees_no("I listan:")
        # The usual keys do nothing any more, and Enter is not what amends either.
        await visit.press("n", "f8", "enter", "e")
        assert not isinstance(visit.app.screen, Dialog)
        await visit.press("ä")
        await visit.sees("Ändra uppgifter", "F6 förbereder")
        await visit.press("escape", "plus")
        await visit.sees("Ny användare", "F6 förbereder")
        await visit.press("f1")
        await visit.sees("I dialogen:", "F6")
        # Esc stays beside another key for the way back; the help names both.
        assert visit.line_with("Lämnar formuläret").strip(" │").startswith("Z, Esc")
        await visit.press("escape", "escape")
        await visit.press("2")
        await visit.sees(">2 Behörigheter<", "Å Ge", "Fsk")
        await visit.press("å", "down", "Å", "down", "ctrl+y")
        await visit.sees("2 ej skrivna")
        await visit.press("ö")
        await visit.sees("Meddelanden")
        await visit.press("escape", "ctrl+p")
        await visit.paste("jämför")
        await visit.sees("Jämför två dagar")
        await visit.press("escape", "f2")
        await visit.sees("Handledning")
        await visit.type("egna")
        await visit.press("enter")
        await visit.sees("Å, Ctrl+Y: Ge. Förbereder", "Ctrl+P: Jämför två dagar")


async def test_without_single_letters_they_do_nothing_say_so_once_and_all_is_in_reach(house: House) -> None:
    async with visiting(house, size=(120, 40), wishes=Wishes(Settings(switches={"letters": False}))) as visit:
        await visit.sees(">Användare<", "Ctrl+F Sök", "Enter Ändra")
        assert visit.lacks("N Ny användare")
        await visit.press("n")
        await visit.sees("Enstaka bokstäver är avstängda. Ctrl+P hittar alla kommandon")
        await visit.press("f6", "escape", "down", "2", "a", "question_mark")
        assert visit.lacks("Enstaka bokstäver")
        await visit.sees(">Användare<")
        # In a field letters are letters, and by the palette every action is done.
        await visit.press("ctrl+f")
        await visit.type("hannu")
        await visit.sees(" 1 användare")
        await visit.press("escape", "ctrl+p")
        await visit.type("ny anv")
        await visit.press("enter")
        await visit.sees("Ny användare", "F8 förbereder")
        await visit.press("escape")
        # Switched on within the program, they are there and named at once.
        visit.app.wear(msgspec.structs.replace(visit.app.looks, letters=True))
        await visit.sees("1 Användare", "N Ny användare")
        await visit.press("2")
        await visit.sees(">2 Behörigheter<")
        visit.app.wear(msgspec.structs.replace(visit.app.looks, letters=False))
        await visit.sees(">Behörigheter<")


async def test_a_jump_is_a_list_of_names_that_letters_and_numbers_choose_from(house: House) -> None:
    async with visiting(house, size=(80, 24)) as visit:
        await visit.press("ctrl+o")
        await visit.sees(
            "Hoppa", "1 Sök", "fält", "2 Listan", "Behörigheter", "rum", "Andersson, Anna", "rad"
        )
        await visit.type("strom gre")
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        assert visit.at_cursor().startswith("Bergström, Greta")
        await visit.press("ctrl+o")
        await visit.type("sök")
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        await visit.type("å")
        await visit.sees("Annerstedt, Åke")
        await visit.press("escape", "ctrl+o", "escape")
        await visit.sees_no("Hoppa")
        assert visit.app.focused is visit.app.screen.query_one("Table")
        # A room, then in the matrix a column by a part of its name.
        await visit.press("ctrl+o")
        await visit.type("behörigh")
        await visit.press("enter")
        await visit.sees(">2 Behörigheter<", "Fsk")
        await visit.press("ctrl+o")
        await visit.type("ande")
        await visit.sees("kolumn", "Andersson, Anna")
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        assert "Andersson, Anna" in visit.screen()[visit.app.cursor_position[1]]
        await visit.press("ctrl+o")
        await visit.type("gymnasieskola")
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        await visit.sees("gymnasieskola")
        assert visit.app.column == "asyl-gymnasieskola"
        # In a dialog: its fields and buttons, by number.
        await visit.press("1", "n")
        await visit.sees("Ny användare")
        await visit.press("ctrl+o")
        await visit.sees("Hoppa", "1 ", "fält", "knapp")
        line = visit.line_with("Tillbaka")
        await visit.type(line.strip(" │").split()[0])
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        assert visit.at_cursor().startswith("Tillbaka")
        # Rows that are called the same are told apart by what else they say.
        await visit.press("escape", "5")
        await visit.sees(">5 Historik<", "39 händelser")
        await visit.press("ctrl+o")
        await visit.type("39 h")
        await visit.press("enter")
        await visit.sees_no("Hoppa")
        x, y = visit.app.cursor_position
        assert "39 händelser" in visit.screen()[y][x:]


async def test_without_a_key_for_jumping_nothing_names_one_in_a_dialog_and_tab_goes_everywhere(
    house: House,
) -> None:
    async with visiting(house, size=(120, 40), keymap=Keymap({"app.jump": ()})) as visit:
        await visit.press("ctrl+o", "f6", "f1")
        await visit.sees("Ctrl+T säger var du är.")
        assert visit.lacks("hoppar")
        assert visit.lacks("Hoppa")
        await visit.press("escape", "escape", "n", "f1")
        await visit.sees("I dialogen:", "Ctrl+T")
        assert visit.lacks("Räknar upp fält")
        await visit.press("escape", "shift+tab")
        assert visit.at_cursor().startswith("Förbered")


async def test_in_a_narrow_window_the_other_rooms_are_their_keys_whole_or_nothing(house: House) -> None:
    async with visiting(house, size=(40, 12), keymap=Keymap({"app.news": ("ctrl+n",)})) as visit:
        await visit.sees(">1 Användare< 2  Ctrl+N  4  5")
    async with visiting(house, size=(40, 12), keymap=Keymap(letters=False)) as visit:
        await visit.sees(">Användare<")
        assert visit.line_with(">Användare<").strip() == ">Användare<"


async def test_what_a_line_tells_names_the_keys_that_are_chosen(house: House) -> None:
    keymap = Keymap(
        {
            "writes.read": ("w",),
            "writes.undo": (),
            "support.choose": ("ö",),
            "support.copy": ("ctrl+y",),
            "permissions.fold": ("å",),
            "permissions.toggle": ("x",),
            "people.mark": ("plus",),
            "people.filter": ("ä",),
            "users.deregister": ("f4",),
            "users.amend": ("m",),
        }
    )
    async with visiting(house, size=(120, 40), keymap=keymap) as visit:
        await visit.press("5")
        await visit.sees("W läser allt. Ctrl+P, Ångra skrivningen förbereder ångrandet, för granskning.")
        await visit.press("enter")
        assert not isinstance(visit.app.screen, Dialog)
        await visit.press("w")
        await visit.sees("En skrivning med")
        await visit.press("escape", "4")
        await visit.sees(">4 Support<")
        await visit.goes_to("Eva Ek")
        await visit.sees("Ö eller Ctrl+Y kopierar adressen.")
        await visit.goes_to("Ställ en fråga")
        await visit.sees("Ö börjar brevet.")
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("k")
        await visit.sees("markera med + dem som ska få detsamma")
        await visit.press("å")
        await visit.sees("Å viker ut den.")
        await visit.pilot.resize_terminal(40, 12)
        await visit.press("1", "2")
        await visit.sees("Smalt fönster: B visar personens behörigheter som en lista.")
        await visit.pilot.resize_terminal(120, 40)
        await visit.press("1")
        await visit.to_person("ake")
        await visit.press("f4")
        await visit.sees("Avregistrera")
        await visit.press("right", "enter")
        await visit.sees("1 ej skriven")
        await visit.press("m")
        await visit.sees("användaren är på väg att avregistreras; F4 slänger det")

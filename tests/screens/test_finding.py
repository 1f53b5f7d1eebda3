"""Finding people in the list: search, filters, order, marks and the detail pane, all by keys."""

from functools import partial

from tests.screens.house import EVA, House, amend
from tests.screens.visit import Visit, visiting
from tui.screens.people_room import PeopleRoom


def people(visit: Visit) -> list[str]:
    """Give the lines of the list, as far as the screen shows it."""
    lines = visit.screen()
    heading = next(place for place, line in enumerate(lines) if line.strip().startswith("Namn"))
    return [line.lstrip(" *+-~") for line in lines[heading + 1 : -4] if "," in line]


def names(visit: Visit) -> list[str]:
    """Give the last names in the list."""
    return [line.partition(",")[0] for line in people(visit)]


def _is_first(visit: Visit, name: str) -> bool:
    """Say whether a person stands first in the list."""
    return people(visit)[0].startswith(name)


async def test_search_finds_as_one_types_without_dots_and_tells_when_nobody_matches(house: House) -> None:
    async with visiting(house) as visit:
        await visit.sees("40 användare", "Annerstedt, Åke")
        await visit.press("ctrl+f")
        await visit.type("ake an")
        await visit.sees("1 användare")
        assert names(visit) == ["Annerstedt"]
        await visit.press("end", "ctrl+u")
        await visit.type("emile")
        await visit.until(lambda: names(visit) == ["Dubois"], "Émile alone")
        await visit.press("end", "ctrl+u")
        await visit.type("1108")
        await visit.until(lambda: names(visit) == ["Zetterström"], "whose HSA-id ends so")
        await visit.press("end", "ctrl+u")
        await visit.type("social@")
        await visit.until(lambda: names(visit) == ["Annerstedt", "Hannu"], "who share a mailbox")
        await visit.type("xyz")
        await visit.sees("Ingen motsvarar ”social@xyz”.", "0 användare")
        # Each room names only keys that it has.
        await visit.sees("N registrerar en ny användare")
        await visit.press("down", "2")
        await visit.sees("Ingen motsvarar ”social@xyz”. Esc visar alla.")
        await visit.press("1", "ctrl+f", "end")
        # What is said about a person goes with the person.
        assert not visit.shows("Åke Annerstedt")
        await visit.press("escape")
        await visit.sees("40 användare", "Annerstedt, Åke")
        assert visit.at_cursor().startswith("Andersson, Anna")
        # The list has the focus: a letter is a command again, and Ctrl+F goes back.
        await visit.press("slash")
        await visit.type("LARS")
        await visit.until(lambda: names(visit) == ["Larsson"], "without case")
        await visit.press("enter")
        assert visit.at_cursor().startswith("Larsson, Lisa")


async def test_somebody_found_by_a_former_name_alone_is_told_to_be(house: House) -> None:
    await house.written_by(EVA, amend("anna", "Holm"))
    async with visiting(house, size=(120, 40)) as visit:
        await visit.sees("Holm, Anna")
        assert visit.lacks("tidigare namn")
        await visit.press("ctrl+f")
        await visit.type("ndersson")
        await visit.sees("1 användare", "Hittas under ett tidigare namn. Anna Holm,")
        assert names(visit) == ["Holm"]
        # The pane says which name it was.
        await visit.press("enter", "d")
        await visit.sees("Tidigare namn: Anna Andersson")
        await visit.press("d", "ctrl+f", "end", "ctrl+u")
        await visit.type("holm")
        await visit.sees("1 användare", "Anna Holm, TSTNMT2120002411-1101")
        assert visit.lacks("tidigare namn")


async def test_filters_narrow_the_list_in_words_and_are_taken_away_again(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("f")
        await visit.sees("Visa bara", "Avregistrerade användare")
        await visit.paste("har barn utan")
        await visit.sees_no("Avregistrerade användare")
        await visit.press("enter")
        await visit.sees("har Administrera barn utan vårdnadshavare")
        assert names(visit) == ["Andersson"]
        # The former name finds the permission too.
        await visit.press("f")
        await visit.paste("saknar melker")
        await visit.press("enter")
        await visit.sees("39 användare", "saknar Administrera barn utan vårdnadshavare")
        assert "Andersson" not in names(visit)
        await visit.press("f")
        await visit.paste("har någon i ansök")
        await visit.press("enter")
        await visit.sees("3 användare")
        assert names(visit) == ["Andersson", "Hannu", "Persson"]
        await visit.press("ctrl+f")
        await visit.paste("kai")
        await visit.sees("1 användare")
        assert names(visit) == ["Hannu"]
        # Esc takes the search away, and once more the filter too.
        await visit.press("escape")
        await visit.sees("3 användare")
        await visit.press("escape")
        await visit.sees("40 användare")
        assert visit.lacks("Visar:")
        await visit.press("f")
        await visit.paste("avreg")
        await visit.press("enter")
        await visit.sees("1 användare", "avregistrerade", "Avregistrerad.")
        assert names(visit) == ["Lämnat"]
        # Esc closes the choice and changes nothing.
        await visit.press("f", "escape")
        await visit.sees("1 användare")
        await visit.press("f")
        await visit.paste("alla")
        await visit.press("enter")
        await visit.sees("40 användare")


async def test_what_narrows_the_list_is_told_whole_at_80_columns(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("s")
        await visit.type("a")
        await visit.paste("ntal fallande")
        await visit.press("enter")
        await visit.sees("fallande")
        await visit.press("f")
        await visit.paste("har barn utan")
        await visit.press("enter")
        await visit.sees("har Administrera barn utan vårdnadshavare, efter Antal behörigheter, fallande")


async def test_each_column_sorts_both_ways_in_swedish_order(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        assert names(visit)[:3] == ["Andersson", "Annerstedt", "Berg"]
        await visit.press("end")
        await visit.until(lambda: names(visit)[-2:] == ["Zetterström", "Öberg"], "Ö after Z")
        await visit.press("home")
        first = {
            "namn, fallande": "Öberg, Örjan",
            "hsa-id, stigande": "Ek, Eva",
            "hsa-id, fallande": "Nyström, Greta",
            "e-post, stigande": "Andersson, Anna",
            "e-post, fallande": "Zetterström, Zoë",
            "antal, fallande": "Andersson, Anna",
            "namn, stigande": "Andersson, Anna",
        }
        for wanted, person in first.items():
            name, _, way = wanted.partition(", ")
            await visit.press("s")
            await visit.sees("Sortera efter")
            await visit.type(name[:1])
            await visit.paste(f"{name[1:]} {way}")
            await visit.press("enter")
            await visit.sees_no("Sortera efter")
            await visit.until(partial(_is_first, visit, person), person)
            if wanted != "namn, stigande":
                await visit.sees(way)
        assert not visit.shows("stigande")


async def test_marks_stay_while_the_list_is_searched_and_are_counted(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("space", "space")
        await visit.sees("2 markerade")
        assert visit.signs_of("Andersson, Anna") == "*"
        assert visit.signs_of("Annerstedt, Åke") == "*"
        assert visit.signs_of("Berg, Bo") == ""
        await visit.press("ctrl+f")
        await visit.paste("ström")
        await visit.sees("31 användare, 2 markerade")
        await visit.press("escape")
        await visit.sees("40 användare, 2 markerade")
        await visit.goes_to("Andersson, Anna", "up")
        await visit.press("space")
        await visit.sees("1 markerad")
        await visit.press("u")
        await visit.sees_no("markerad,", "1 markerad")
        await visit.press("u")
        await visit.sees("Avmarkera alla: ingen är markerad")
        await visit.press("ctrl+f")
        await visit.paste("dahl")
        await visit.sees("6 användare")
        await visit.press("down", "a")
        await visit.sees("6 användare är markerade.", "6 markerade")
        await visit.press("ctrl+f", "escape")
        await visit.sees("40 användare, 6 markerade")


async def test_that_not_all_are_marked_is_told(house: House) -> None:
    async with visiting(house) as visit:
        room = visit.app.room
        assert isinstance(room, PeopleRoom)
        room.do_mark_all(most=3)
        await visit.sees("De första 3 användarna är markerade; det finns fler.", "40 användare, 3 markerade")
        assert visit.signs_of("Annerstedt, Åke") == "*"
        assert visit.signs_of("Bergström, Bea") == ""
        room.do_mark_all(most=40)
        await visit.sees("40 användare är markerade.", "40 användare, 40 markerade")


async def test_the_detail_pane_follows_the_cursor_and_closes(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("d")
        await visit.sees("Har: Fsk Gru BUV", "Registrerad 1 mars 2021 09.00 av")
        await visit.press("down")
        await visit.sees("Adressen delas med 1 annan.", "Har: inga behörigheter")
        await visit.press("d")
        await visit.sees_no("Adressen delas med 1 annan.")
        await visit.pilot.resize_terminal(80, 24)
        await visit.press("d")
        await visit.sees("Adressen delas med 1 annan.", "Har: inga behörigheter")


async def test_the_column_of_ids_leaves_room_for_addresses_until_a_longer_id_is_there(house: House) -> None:
    house.sql("UPDATE accounts SET hsa_id = 'SE2120002411-' || substr(hsa_id, -4)")
    house.sql("UPDATE accounts SET email = 'a.bergandersson@sundsvall.example' WHERE id = 'anna'")
    async with visiting(house) as visit:
        await visit.sees("SE2120002411-1101 a.bergandersson@sundsvall.example ")
        heading = visit.line_with("E-post")
        # Neither a page nor a search moves a column.
        for keys in (("pagedown",), ("end",), ("home",), ("ctrl+f", "z", "escape")):
            await visit.press(*keys)
            assert visit.line_with("E-post") == heading
        await visit.press("n")
        await visit.fill("TSTNMT2120002411-2F7K", "Nadja", "Öhman", "nadja.ohman@sundsvall.example")
        await visit.press("f8")
        await visit.sees("TSTNMT2120002411-2F7K nadja.ohman@sundsvall.example")

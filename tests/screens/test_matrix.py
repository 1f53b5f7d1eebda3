"""The matrix and one person's list: staging by keys, why a cell cannot be set, and what is written then."""

from core import history as h
from tests.screens.house import (
    BO,
    CHILDREN,
    PRESCHOOL,
    PRESCHOOL_CLASS,
    RETIRED,
    SCHOOL,
    TODAYS,
    House,
    grants,
)
from tests.screens.visit import Visit, visiting


def cells(visit: Visit, name: str) -> str:
    """Give the signs behind a name, as they stand at 80 columns."""
    line = visit.line_with(name)
    return line[line.index(name) + len(name) :].strip()


async def open_matrix(visit: Visit) -> None:
    await visit.press("2")
    await visit.sees("Fsk", "Ansök om statlig ersättning")


async def test_a_cell_is_given_and_taken_with_signs_and_words_and_then_written(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        assert cells(visit, "Andersson, Anna").startswith("X   .   X")
        await visit.sees("Anna Andersson, Asylsökande i förskola: given.", "Gavs 1 mars 2021")
        assert visit.at_cursor().startswith("X")
        await visit.press("enter")
        await visit.sees("Anna Andersson, Asylsökande i förskola: ska tas bort, inte skrivet.")
        assert visit.at_cursor().startswith("-")
        await visit.press("right", "enter")
        await visit.sees("Asylsökande i förskoleklass: ska ges, inte skrivet.", "2 ej skrivna")
        assert cells(visit, "Andersson, Anna").startswith("-   +   X")
        # Given once more is nothing new; toggled back is nothing at all.
        await visit.press("g")
        await visit.sees("2 ej skrivna")
        await visit.press("left", "enter")
        await visit.sees("1 ej skriven", "Asylsökande i förskola: given.")
        await visit.press("down", "g", "right", "t")
        await visit.sees("Så är det redan; inget är förberett.", "2 ej skrivna")
        await visit.press("1")
        await visit.sees(">1 Användare<", "3>4", "0>1")
        # The place in the list came along, and goes back.
        assert visit.at_cursor().startswith("Annerstedt, Åke")
        await visit.press("2")
        await visit.sees("Åke Annerstedt, Asylsökande i förskoleklass")
        await visit.writes("2 ändringar är skrivna.")
        assert await house.has("anna") == {PRESCHOOL, PRESCHOOL_CLASS, SCHOOL, CHILDREN}
        assert await house.has("ake") == {PRESCHOOL}
        assert cells(visit, "Andersson, Anna").startswith("X   X   X")
        await visit.press("up")
        await visit.sees("Gavs 1 februari 2024 08.12 av Eva Ek.")


async def test_a_launch_is_given_to_all_who_are_marked_in_one_write(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await open_matrix(visit)
        await visit.sees("NEns!", "NGym!")
        await visit.press("space", "space", "down", "space")
        await visit.sees("3 markerade")
        await visit.to_column(TODAYS)
        await visit.sees("Lanseras i dag.")
        await visit.press("g")
        # Bo is an administrator and can have no permissions: the two others are staged.
        await visit.sees("3 celler är förberedda. F8 granskar.", "3 ej skrivna")
        await visit.press("o")
        await visit.sees("3 celler är som de var.")
        assert not visit.shows("ej skriv")
        await visit.press("o")
        await visit.sees("Inget var förberett där.")
        await visit.press("a", "g")
        await visit.sees("38 förberedda, 2 går inte: Bo Berg är administratör och kan inte ha behörigheter")
        await visit.writes("38 ändringar är skrivna.")
        assert not visit.shows("markerad")
        (newest, *_) = await house.writes()
        assert newest.event_count == 38
        assert {type(event) for event in newest.events} == {h.PermissionGranted}
        assert TODAYS in await house.has("zoe")
        # And taken from all of them.
        await visit.press("a", "t")
        await visit.sees("38 celler är förberedda. F8 granskar.", "38 ej skrivna")


async def test_a_cell_that_cannot_be_set_says_why(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        await visit.goes_to("/")
        await visit.sees("Bo Berg är administratör och kan inte ha behörigheter: det kan bara användare.")
        await visit.press("enter")
        await visit.until(lambda: visit.app.message.problem, "a problem")
        await visit.sees("Bo Berg är administratör")
        assert visit.app.message.problem
        assert visit.lacks("ej skriv")
        # A retired permission has its column only when asked for.
        assert visit.lacks("Med")
        await visit.press("v")
        await visit.sees("Avslutade behörigheter visas.")
        await visit.to_column(RETIRED)
        await visit.sees("Med", "Kostnader för ekonomiskt bistånd", "Upphörde 21 juli 2021.")
        await visit.goes_to("X")
        await visit.sees("Kaisa Hannu, Kostnader")
        await visit.press("delete")
        await visit.sees("upphörde den 21 juli 2021 och kan inte längre ges eller tas bort.")
        assert visit.lacks("ej skriv")
        await visit.press("v")
        await visit.sees("Avslutade behörigheter är dolda.")
        await visit.until(lambda: visit.app.column != RETIRED, "another column")


async def test_one_persons_permissions_are_copied_onto_the_marked(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        await visit.press("k")
        await visit.sees("Kopiera från: markera med mellanslag dem som ska få detsamma")
        await visit.press("down", "space")
        await visit.goes_to("X", "up")
        await visit.press("home", "k")
        await visit.sees("Kopiera från Anna Andersson till Åke Annerstedt")
        await visit.press("escape")
        assert visit.lacks("ej skriv")
        await visit.press("k", "enter")
        await visit.sees("3 celler är förberedda. F8 granskar.")
        assert cells(visit, "Annerstedt, Åke").startswith("+   .   +")
        await visit.writes("3 ändringar är skrivna.")
        assert await house.has("ake") == await house.has("anna")
        # To be the same also takes away: from Per to Åke.
        await visit.press("space")
        await visit.press("ctrl+f")
        await visit.paste("persson")
        await visit.sees("1 användare")
        await visit.press("down", "k")
        await visit.sees("Kopiera från Per Persson till Anna Andersson")
        await visit.press("down", "enter")
        await visit.sees("2 celler är förberedda. F8 granskar.")
        await visit.press("f8")
        await visit.sees("- Ta bort från", "Asylsökande i grundskola")


async def test_a_column_is_folded_into_one_person_on_a_narrow_screen(house: House) -> None:
    async with visiting(house, size=(40, 12)) as visit:
        await visit.sees("Andersson, Anna")
        await visit.press("2")
        await visit.sees("Andersson, Anna")
        await visit.press("enter")
        await visit.sees("Anna Andersson", "Asylsökande i förskola")
        assert visit.at_cursor().startswith("Asylsökande i försk")
        await visit.press("enter")
        await visit.sees("1 ej skriven")
        assert visit.line_with("Asylsökande i försk").startswith("-")
        await visit.press("down", "space")
        await visit.sees("2 ej skrivna")
        await visit.press("escape")
        await visit.writes("2 ändringar är skrivna.")
        assert await house.has("anna") == {PRESCHOOL_CLASS, SCHOOL, CHILDREN}


async def test_the_list_of_one_person_gives_every_permission_with_its_reasons(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("b")
        await visit.sees("Anna Andersson, TSTNMT2120002411-1101, anna@sundsvall.example")
        await visit.sees("Asylsökande i förskola: given.", "Gavs av Eva Ek")
        await visit.press("t")
        await visit.sees("ska tas bort", "1 ej skriven")
        assert visit.at_cursor().startswith("Asylsökande i förskola")
        await visit.press("g")
        await visit.sees_no("ej skriv")
        await visit.press("g")
        await visit.sees("Så är det redan; inget är förberett.")
        await visit.goes_to("Kostnader för ekonomiskt")
        await visit.sees("avslutad", "Upphörde 21 juli 2021.")
        assert visit.lacks("Upphör 21 juli 2021")
        await visit.press("g")
        await visit.sees("upphörde den 21 juli 2021 och kan inte längre ges eller tas bort.")
        await visit.press("end")
        await visit.sees("Tidigare: MELKER Administrera barn utan vårdnadshavare.")
        await visit.press("escape")
        await visit.sees(">1 Användare<")
        assert visit.at_cursor().startswith("Andersson, Anna")


async def test_what_another_person_wrote_is_there_once_the_list_is_read_again(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        assert cells(visit, "Annerstedt, Åke").startswith(".   .")
        await house.written_by(BO, *grants("ake", PRESCHOOL_CLASS))
        await visit.press("f5")
        await visit.until(lambda: cells(visit, "Annerstedt, Åke").startswith(".   X"), "Bo's write")

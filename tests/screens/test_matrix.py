"""The matrix and one person's list: staging by keys, why a cell cannot be set, and what is written then."""

from datetime import UTC, datetime
from pathlib import Path

from core import history as h
from tests.screens.house import (
    ALSO_TODAYS,
    BO,
    CHILDREN,
    MORNING,
    PRESCHOOL,
    PRESCHOOL_CLASS,
    RETIRED,
    SCHOOL,
    SECONDARY,
    TODAYS,
    Clock,
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
        await visit.press("g")
        await visit.sees("Så är det redan; inget är förberett.", "3 ej skrivna")
        await visit.press("down", "space", "g")
        await visit.sees("1 cell är förberedd. F8 granskar. 3 andra är redan så.", "4 ej skrivna")
        await visit.press("o")
        await visit.sees("4 celler är som de var.")
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
        await visit.sees("Kopiera från: markera med Mellanslag dem som ska få detsamma")
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


async def test_an_e_service_is_folded_into_one_column_that_counts_what_each_has(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        assert visit.lacks("BUV")
        await visit.press("right", "w")
        # The other e-service comes into view, and the launch in what is folded is still marked.
        await visit.sees("Hopvikt! BUV", "Se och ändra ansvar för ensamkommande")
        await visit.sees(
            "Anna Andersson, Ansök om statlig ersättning, hopvikt: 2 av 21 givna.", "Har: Fsk Gru"
        )
        assert cells(visit, "Andersson, Anna").split() == ["2", "X"]
        assert cells(visit, "Annerstedt, Åke").split() == ["0", "."]
        assert visit.at_cursor().startswith("2 ")
        for key, action in {
            "enter": "Ge eller ta bort",
            "g": "Ge",
            "delete": "Ta bort",
            "o": "Återställ",
        }.items():
            await visit.press(key)
            await visit.sees(action, "Ansök om statlig ersättning är hopvikt; vik först ut med W")
        await visit.press("space", "k")
        await visit.sees("Kopiera från: Ansök om statlig ersättning är hopvikt; vik först ut med W")
        await visit.press("u", "up", "right", "w")
        await visit.sees("Se och ändra ansvar för ensamkommande har bara en kolumn;")
        assert visit.lacks("ej skriv")
        # Bo is an administrator; what has ended is counted nowhere.
        assert cells(visit, "Berg, Bo").split() == ["/", "/"]
        await visit.press("v")
        await visit.to_person("kaisa")
        assert cells(visit, "Hannu, Kaisa").split() == ["1", "."]
        await visit.press("v", "left")
        await visit.goes_to("/", "up")
        await visit.sees("hopvikt: 0 av 21 givna. Eva Ek är administratör och kan inte ha behörigheter")


async def test_where_there_is_room_a_folded_e_service_has_its_whole_name_over_it(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await open_matrix(visit)
        await visit.press("w")
        await visit.sees("Ansök om statlig ersättning Se och ändra ansvar för ensamkommande", "Hopvikt! ")
        assert visit.line_with("Hopvikt! ").index("BUV") == visit.line_with("Se och ändra").index("Se och")


async def test_what_is_staged_is_seen_in_a_folded_column_which_stays_folded(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        await visit.press("t", "right", "g", "down", "g", "w")
        await visit.sees(
            "Åke Annerstedt, Ansök om statlig ersättning, hopvikt: 0 av 21 givna, 1 ska ges, inte"
        )
        assert visit.at_cursor().startswith("0>1")
        await visit.press("up")
        await visit.sees("2 av 21 givna, 1 ska ges, 1 ska tas bort, inte skrivet.")
        assert visit.at_cursor().startswith("2>2")
        # Folded as it was after other rooms, and what was staged there is counted.
        await visit.press("1", "5", "2")
        await visit.sees("Hopvikt! BUV")
        await visit.press("b")
        await visit.goes_to("Asylsökande i gymnasieskola")
        await visit.press("g", "escape")
        await visit.sees("2 av 21 givna, 2 ska ges, 1 ska tas bort, inte skrivet.")
        assert visit.at_cursor().startswith("2>3")
        await visit.writes("4 ändringar är skrivna.")
        await visit.sees("Anna Andersson, Ansök om statlig ersättning, hopvikt: 3 av 21 givna.")
        assert cells(visit, "Andersson, Anna").split() == ["3", "X"]
        assert await house.has("anna") == {PRESCHOOL_CLASS, SCHOOL, SECONDARY, CHILDREN}
        # The same key unfolds, and the cursor is back in the column that it folded.
        await visit.press("w")
        await visit.sees(
            "Utvikt: Ansök om statlig ersättning.", "Anna Andersson, Asylsökande i förskoleklass: given."
        )
        assert cells(visit, "Andersson, Anna").startswith(".   X   X   X")
        assert visit.at_cursor().startswith("X   X   X")
        # Left by the way of another column, it is back in the first.
        await visit.press("w", "right", "left", "w")
        await visit.sees("Anna Andersson, Asylsökande i förskola: inte given.")


async def test_a_key_goes_from_launch_to_launch_and_a_name_to_any_column(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        await visit.sees("2 behörigheter lanseras i dag. L går till kolumnerna.")
        for place, permission in ((1, TODAYS), (2, ALSO_TODAYS), (1, TODAYS)):
            await visit.press("l")
            await visit.sees(f"Lanseras i dag: {place} av 2.", "inte given. Lanseras i dag.")
            assert visit.app.column == permission
        # A launch inside what is folded is unfolded: the column is where one gives.
        await visit.press("w", "l")
        await visit.sees("Lanseras i dag: 1 av 2. Utvikt: Ansök om statlig ersättning.", "NEns!")
        assert visit.app.column == TODAYS
        await visit.press("g")
        await visit.sees("1 ej skriven")
        await visit.press("ctrl+g")
        await visit.sees("Gå till kolumn", "NEns, lanseras i dag")
        await visit.paste("melker")
        await visit.sees("BUV, tidigare MELKER")
        await visit.press("enter")
        await visit.sees("Anna Andersson, Administrera barn utan vårdnadshavare: given.")
        assert visit.at_cursor().startswith("X")
        await visit.press("home", "w", "ctrl+g")
        await visit.paste("gymnasieskola")
        await visit.press("enter")
        await visit.sees(
            "Utvikt: Ansök om statlig ersättning.", "Anna Andersson, Asylsökande i gymnasieskola"
        )
        await visit.press("ctrl+g", "escape")
        await visit.sees_no("Gå till kolumn")
        assert visit.app.column == SECONDARY


async def test_on_a_day_without_a_launch_the_key_goes_to_the_latest(tmp_path: Path, template: Path) -> None:
    house = House(tmp_path, template, Clock(datetime(2024, 2, 5, 9, 0, tzinfo=UTC)))
    async with visiting(house) as visit:
        await open_matrix(visit)
        assert visit.lacks("lanseras i dag")
        await visit.press("l")
        await visit.sees(
            "Inget lanseras i dag; den senaste lanseringen var Försörjningsstöd", "1 februari 2024."
        )
        assert visit.app.column == TODAYS
        await visit.press("l")
        assert visit.app.column == ALSO_TODAYS


async def test_what_another_person_wrote_is_there_once_the_list_is_read_again(house: House) -> None:
    async with visiting(house) as visit:
        await open_matrix(visit)
        assert cells(visit, "Annerstedt, Åke").startswith(".   .")
        await house.written_by(BO, *grants("ake", PRESCHOOL_CLASS))
        await visit.press("f5")
        await visit.until(lambda: cells(visit, "Annerstedt, Åke").startswith(".   X"), "Bo's write")


async def test_a_column_that_comes_meanwhile_moves_no_key_to_another_permission(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await open_matrix(visit)
        await visit.to_column(TODAYS)
        # Among those for asylum seekers, so that all columns behind it move by one.
        await house.launch(
            "asyl-nytt", "Nytt", MORNING.date(), name="Nytt för asylsökande", target_group="asylsökande"
        )
        await visit.press("f5")
        await visit.sees("Nytt!")
        await visit.sees("Anna Andersson, Försörjningsstöd för unga nyanlända tidigare ensamkommande barn")
        await visit.press("g")
        await visit.sees("tidigare ensamkommande barn: ska ges, inte skrivet.")
        heading, line = visit.line_with("Nytt!"), visit.line_with("Andersson, Anna")
        assert line[heading.index("NEns!")] == "+"
        await visit.writes("1 ändring är skriven.")
        assert TODAYS in await house.has("anna")

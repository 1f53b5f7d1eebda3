"""The review: what to look at first, dropping lines, notes, undoing, and what others did meanwhile."""

from core import changes as c
from core import history as h
from core.identity import EmailAddress, Id
from tests.screens.house import (
    BO,
    CHILDREN,
    OWNER,
    PRESCHOOL,
    PRESCHOOL_CLASS,
    SCHOOL,
    House,
    grants,
    register,
    revokes,
)
from tests.screens.visit import Visit, visiting


async def stage_three(visit: Visit) -> None:
    """Take preschool from Anna, give it to Åke, and take the only permission from Per."""
    await visit.press("2")
    await visit.sees("Fsk")
    await visit.press("t", "down", "g")
    await visit.press("ctrl+f")
    await visit.paste("persson")
    await visit.sees("1 användare")
    await visit.press("down", "t")
    await visit.sees("3 ej skrivna")


async def test_lines_are_dropped_a_note_is_kept_and_the_rest_is_written(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f8")
        await visit.sees("Granska: inget är förberett")
        await stage_three(visit)
        await visit.press("f8")
        await visit.sees("Granska 3 ändringar i Sundsvalls kommun", "[ Skriv 3 ändringar ]")
        # What one came for first, and nothing that is of no use here: nobody has changed anything.
        assert visit.screen()[-1].startswith(" F8 Till knappen Skriv  Esc Tillbaka  "), visit.pictured()
        assert " K " not in visit.screen()[-1]
        await visit.sees("? Per Persson blir utan behörigheter")
        await visit.sees(
            "- Ta bort från Anna Andersson: Asylsökande i förskola",
            "+ Ge Åke Annerstedt: Asylsökande i förskola",
            "- Ta bort från Per Persson: Asylsökande i förskola",
        )
        # Cautions stand first, and are no changes to drop.
        assert visit.at_cursor().startswith("Per Persson blir utan")
        await visit.press("delete")
        await visit.sees("Släng ändringen: raden är ingen ändring")
        await visit.goes_to("Ta bort från Per Persson")
        await visit.press("delete")
        await visit.sees("Granska 2 ändringar", "[ Skriv 2 ändringar ]")
        assert visit.lacks("blir utan behörigheter")
        await visit.press("tab")
        for wrong, said in (
            ("x" * 201, "högst 200 får plats"),
            ("[@click=app.quit]", "Anteckning får inte innehålla"),
        ):
            await visit.paste(wrong)
            await visit.press("f8", "enter")
            await visit.sees("Anteckning ", said)
            assert visit.app.message.problem
            await visit.clear()
        await visit.paste("ärende 2024-114")
        # The note goes with the draft.
        await visit.press("escape")
        await visit.sees(">2 Behörigheter<")
        await visit.press("f8")
        await visit.sees("ärende 2024-114")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är skrivna. F7 ångrar.")
        assert visit.lacks("ej skriv")
        (newest, *_) = await house.writes()
        assert newest.note.startswith("ärende")
        assert newest.event_count == 2
        assert await house.has("per") == {PRESCHOOL}
        # It is told for good: in the log, and among what is written.
        await visit.press("f6")
        await visit.sees("08.12 Granska: inget är förberett", " 2 ändringar är skrivna. F7 ångrar.")
        await visit.press("escape", "5")
        await visit.sees("2 händelser: ")
        await visit.press("enter")
        await visit.sees("Anteckning ärende", "Åke Annerstedt fick Asylsökande i förskola.")


async def test_all_to_one_and_more_than_fifty_at_once_are_worth_a_look(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("ctrl+f")
        await visit.paste("zoë")
        await visit.sees("1 användare")
        await visit.press("down", "b")
        await visit.sees("Zoë Zetterström, ")
        for _ in range(23):
            await visit.press("g", "down")
        await visit.sees("22 ej skrivna")
        await visit.press("f8")
        await visit.sees("? Zoë Zetterström får alla behörigheter som finns, 22 stycken")
        await visit.press("escape", "escape")
        await visit.press("ctrl+f", "escape", "a", "2")
        await visit.sees("40 markerade", "Fsk")
        await visit.press("g")
        await visit.sees("ej skrivna")
        await visit.press("f8")
        await visit.sees("? Skrivningen har ", " ändringar", "[ Skriv ")
        lines = visit.screen()
        assert lines.index(visit.line_with("Skrivningen har")) < lines.index(
            visit.line_with("Zetterström får")
        )
        # Dropped as a whole only after a question, whose safe answer has the focus.
        await visit.press("ctrl+k")
        await visit.sees("slängs. Inget av dem är skrivet.")
        assert visit.at_cursor().startswith("Behåll ]")
        await visit.press("enter")
        await visit.sees("[ Skriv ")
        await visit.press("ctrl+k", "right", "enter")
        await visit.sees("Utkastet är slängt.")
        await visit.sees_no("ej skriv")
    assert len(await house.writes()) == 4


async def test_a_write_is_undone_and_the_undoing_too(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f7")
        await visit.sees("Ångra senaste skrivningen: du har inte skrivit något sedan starten")
        await stage_three(visit)
        await visit.writes("3 ändringar är skrivna.")
        await visit.press("f7")
        await visit.sees(
            "Ångra det som Eva Ek skrev 1 februari 2024 08.12",
            "[ Ångra 3 ändringar ]",
            "+ Ge Anna Andersson: Asylsökande i förskola",
        )
        await visit.press("delete")
        await visit.sees("Släng ändringen: ett ångrande skrivs helt eller inte alls")
        # An undo is written whole, with a note of its own.
        await visit.press("tab")
        await visit.paste("fel dag")
        await visit.press("f8", "enter")
        await visit.sees("3 ändringar är ångrade.")
        assert await house.has("anna") == {PRESCHOOL, SCHOOL, CHILDREN}
        assert await house.has("ake") == frozenset()
        await visit.press("5")
        await visit.sees("Ångrande: ", " ja")
        newest, undone, *_ = await house.writes()
        assert (newest.undoes, newest.note) == (undone.changeset_id, "fel dag")
        # An earlier write by others can be undone too, while the state allows it.
        await visit.goes_to("4 maj 2023")
        await visit.sees("Lena Lämnat avregistrerades.")
        await visit.press("enter")
        await visit.sees("Slutar", "Lena Lämnat avregistrerades.", "togs bort från Lena Lämnat")
        await visit.press("escape", "u")
        await visit.sees("Ångra det som Eva Ek skrev 4 maj 2023", "+ Registrera Lena Lämnat igen")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är ångrade.")
        assert await house.has("left") == {SCHOOL}


async def test_an_undo_is_refused_where_the_state_has_moved_on(house: House) -> None:
    async with visiting(house) as visit:
        await stage_three(visit)
        await visit.writes("3 ändringar är skrivna.")
        await house.written_by(BO, *grants("anna", PRESCHOOL))
        await visit.press("f7")
        await visit.sees("Detta kan inte ångras: Asylsökande i förskola för Anna Andersson ändrades efteråt.")
        assert visit.lacks("Ångra det som")
        assert visit.app.message.problem


async def test_what_another_person_did_meanwhile_is_shown_and_kept_or_dropped_line_by_line(
    house: House,
) -> None:
    async with visiting(house, size=(100, 30)) as visit:
        await stage_three(visit)
        await visit.press("ctrl+f", "escape")
        await visit.to_person("per")
        await visit.press("1", "enter")
        await visit.sees("Ändra uppgifter")
        await visit.press("end", "down", "down", "down")
        await visit.clear()
        await visit.paste("perp@sundsvall.example")
        await visit.press("f8")
        await visit.sees("4 ej skrivna")
        await house.written_by(
            BO,
            *revokes("anna", PRESCHOOL),
            *grants("per", PRESCHOOL_CLASS),
            c.AmendAccount(
                account_id=Id("per"), seen_version=1, email=EmailAddress("persson@sundsvall.example")
            ),
        )
        await visit.press("f8")
        await visit.sees("[ Skriv 4 ändringar ]", "!")
        await visit.sees("Bo Berg, 1 februari 2024")
        # Nothing can be written while something stands in the way.
        await visit.press("f8")
        await visit.sees("raderna med ! hindrar; K behåller, Delete slänger")
        assert "  Esc Tillbaka  K Behåll min ändring  " in visit.screen()[-1], visit.pictured()
        assert visit.at_cursor()
        # What Bo took away already is no change any more: keeping it leaves nothing.
        await visit.goes_to("Anna Andersson har inte behörigheten")
        await visit.sees("Asylsökande i förskola togs bort från Anna Andersson.")
        await visit.press("k")
        await visit.sees("[ Skriv 3 ändringar ]")
        # The changed address: mine is kept over Bo's, with his as the old one.
        await visit.goes_to("Någon ändrade uppgifterna för Per Persson", "up")
        await visit.sees("persson@sundsvall.example")
        await visit.press("k")
        await visit.sees_no("!")
        await visit.sees("e-post från persson@sundsvall.example till perp@sundsvall.example")
        await visit.press("f8", "enter")
        await visit.sees("3 ändringar är skrivna.")
        assert (await house.account("per")).email == "perp@sundsvall.example"
        assert await house.has("per") == {PRESCHOOL_CLASS}


async def test_a_person_registered_by_another_meanwhile_is_told_and_dropped(house: House) -> None:
    async with visiting(house, size=(100, 30)) as visit:
        await visit.press("n")
        await visit.fill(f"{OWNER}-2001", "Nina", "Ny", "nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("1 ej skriven")
        await house.written_by(
            BO, register("by-bo", "Nina", "Nyberg", "nn@sundsvall.example", f"{OWNER}-2001")
        )
        await visit.press("f8")
        await visit.sees("!", "har redan ett konto här", "Bo Berg, 1 februari 2024")
        await visit.press("home", "delete")
        await visit.sees("Inget är kvar att skriva.")
        await visit.press("f8")
        assert visit.lacks("är skriven")
        await visit.press("escape")
        await visit.sees_no("ej skriv")


async def test_another_write_between_review_and_enter_is_refused_and_shown(house: House) -> None:
    async with visiting(house) as visit:
        await stage_three(visit)
        await visit.press("f8")
        await visit.sees("[ Skriv 3 ändringar ]")
        await house.written_by(BO, *grants("ake", PRESCHOOL))
        await visit.press("f8", "enter")
        await visit.sees("Inget skrevs: 1 ändring stämmer inte längre.", "!")
        await visit.sees("Åke Annerstedt har redan behörigheten Asylsökande i förskola")
        assert PRESCHOOL in await house.has("anna")
        await visit.press("home", "delete")
        await visit.sees_no("!")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är skrivna.")
        (newest, *_) = await house.writes()
        assert [type(event) for event in newest.events] == [h.PermissionRevoked] * 2


async def test_a_write_whose_answer_was_lost_is_found_out_before_anything_is_written_again(
    house: House,
) -> None:
    storage = await house.between()
    async with visiting(house, storage=storage) as visit:
        await stage_three(visit)
        await visit.press("f8")
        await visit.sees("[ Skriv 3 ändringar ]")
        storage.loses_answers = True
        await visit.press("f8", "enter")
        await visit.sees("Utkastet finns kvar.")
        storage.loses_answers = False
        # Without looking, once more.
        await visit.press("enter")
        await visit.sees("3 ändringar skrevs innan svaret gick förlorat. F7 ångrar dem.")
        await visit.sees("Inget är kvar att skriva.")
        assert visit.lacks("ej skriv")
        assert len(await house.writes()) == 5


async def test_what_is_staged_after_a_lost_answer_is_all_that_is_left_to_write(house: House) -> None:
    storage = await house.between()
    async with visiting(house, storage=storage) as visit:
        await stage_three(visit)
        await visit.press("f8")
        await visit.sees("[ Skriv 3 ändringar ]")
        storage.loses_answers = True
        await visit.press("f8", "enter")
        await visit.sees("Utkastet finns kvar.")
        storage.loses_answers = False
        await visit.press("escape", "right", "g")
        await visit.sees("4 ej skrivna")
        await visit.press("f8")
        await visit.sees("3 ändringar skrevs innan svaret gick förlorat. F7 ångrar dem.")
        await visit.sees("Granska 1 ändring i", "Ge Per Persson: Asylsökande i förskoleklass")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")
        assert await house.has("per") == {PRESCHOOL_CLASS}
        assert (await house.writes())[0].event_count == 1

"""The history: what happened in sentences, filtered from here and from where the cursor stood."""

from __future__ import annotations

from core.identity import Id
from tests.screens.house import BO, CHILDREN, PRESCHOOL, House, grants, revokes
from tests.screens.visit import Visit, visiting
from tui.history import HistoryFilter


async def shown_filter(visit: Visit) -> HistoryFilter:
    """Wait until the history is read, and give its filter."""
    await visit.settled()
    return visit.app.history_filter or HistoryFilter()


async def test_the_history_of_a_person_opens_from_the_list(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("h")
        await visit.sees(">5 Historik<", "Visar: om Anna Andersson", "2 skrivningar")
        await visit.sees("3 av 7 händelser: Anna Andersson fick", "1 av 39 händelser: Anna Andersson reg")
        # Only what is about her is told; all of it is a key away.
        await visit.sees("Anna Andersson fick Administrera barn utan vårdnadshavare.")
        assert visit.lacks("Kaisa Hannu")
        await visit.press("enter")
        await visit.sees("En skrivning med 7 händelser", "Kaisa Hannu fick")
        await visit.press("escape", "escape")
        await visit.sees("4 skrivningar", "Lena Lämnat")
        await visit.press("escape")
        await visit.sees("Allt igen: allt visas redan")


async def test_the_history_of_a_cell_a_person_and_a_permission_opens_from_the_matrix(house: House) -> None:
    await house.written_by(BO, *revokes("anna", CHILDREN))
    await house.written_by(BO, *grants("ake", CHILDREN))
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.to_column(CHILDREN)
        for row, seen, count in (
            ((), "Visar: om Anna Andersson, Administrera barn", "2 skrivningar"),
            (("down",), "Visar: om Anna Andersson", "3 skrivningar"),
            (("down", "down"), "Visar: Administrera barn", "3 skrivningar"),
        ):
            await visit.press("2")
            await visit.sees("Fsk")
            await visit.press("h")
            await visit.sees("Historik för detta")
            await visit.press(*row, "enter")
            await visit.sees(">5 Historik<", seen, count)
            await visit.sees("Bo Berg")
        await visit.press("2", "h", "escape")
        await visit.sees(">2 Behörigheter<")


async def test_somebody_who_is_not_written_yet_has_no_history(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("n")
        await visit.fill("SE5565594230-2F7K", "Nadja", "Öhman")
        await visit.paste("nadja@sundsvall.example")
        await visit.press("f8", "right", "enter")
        await visit.press("home", "h")
        await visit.sees("Historik för detta: användaren är inte skriven än")


async def test_every_filter_is_chosen_said_and_kept_until_it_is_taken_away(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("4 skrivningar")
        await visit.press("f")
        await visit.sees("Det som gäller en person ...")
        await visit.press("down", "enter")
        await visit.sees("En del av namnet")
        await visit.press("enter")
        await visit.sees("Skriv en del av ett namn")
        await visit.paste("lena")
        await visit.press("enter")
        await visit.sees("Visar: om Lena Lämnat", "3 skrivningar")
        # Several have the name: which is chosen in a list.
        await visit.press("f", "down", "enter")
        await visit.sees("En del av namnet")
        await visit.paste("ström")
        await visit.press("enter")
        await visit.sees("Bergström, Bea")
        await visit.press("down", "enter")
        await visit.sees("Visar: om Cilla Bergström", "1 skrivning")
        await visit.press("f", "down", "enter")
        await visit.sees("En del av namnet")
        await visit.paste("krokodil")
        await visit.press("enter")
        await visit.sees("Ingen motsvarar ”krokodil”.", "Visar: om Cilla Bergström")
        # One filter more: nothing fits both, and it is said why.
        await visit.press("f", "down", "down", "down", "down", "enter")
        await visit.sees("Vilken sort")
        await visit.press("down", "enter")
        await visit.sees("Inget motsvarar filtret: om Cilla Bergström, Behörighet given. Esc visar allt.")
        assert (await shown_filter(visit)).event_kind == "permission_granted"
        await visit.press("1", "5")
        await visit.sees("Inget motsvarar filtret: om Cilla")
        await visit.press("escape")
        await visit.sees("4 skrivningar")
        assert visit.lacks("Visar: ")


async def test_the_history_is_filtered_by_permission_by_writer_and_by_days(house: House) -> None:
    await house.written_by(BO, *grants("ake", PRESCHOOL))
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("5")
        await visit.sees("5 skrivningar")
        await visit.press("f", "down", "down", "down", "enter")
        await visit.sees("Vilken behörighet")
        await visit.paste("asylsökande i förskola")
        await visit.press("enter")
        await visit.sees("Visar: Asylsökande i förskola", "2 skrivningar", "3 av 7 händelser")
        await visit.press("f", "down", "down", "enter")
        await visit.sees("Vem som skrev")
        await visit.goes_to("Bo Berg")
        await visit.press("enter")
        await visit.sees("skrivet av Bo Berg", "1 skrivning")
        assert (await shown_filter(visit)).actor is not None
        await visit.press("escape")
        await visit.sees("5 skrivningar")
        await visit.press("f", *["down"] * 5, "enter")
        await visit.sees("Den första dagen som ska visas.")
        for wrong, said in (
            ("förr", "”förr” är ingen dag."),
            ("2023-02-29", "”2023-02-29” är ingen dag."),
            ("2/2 2024", "2 februari 2024 har inte varit än."),
        ):
            await visit.clear()
            await visit.paste(wrong)
            await visit.press("enter")
            await visit.sees(said)
        await visit.clear()
        await visit.paste("4 maj 2023")
        await visit.press("enter")
        await visit.sees("Visar: från och med 4 maj 2023", "2 skrivningar")
        await visit.press("f", *["down"] * 6, "enter")
        await visit.sees("Den sista dagen")
        await visit.paste("4/5 2023")
        await visit.press("enter")
        await visit.sees("till och med 4 maj 2023", "1 skrivning", "Lena Lämnat")
        # An empty day takes that end away again.
        await visit.press("f", *["down"] * 6, "enter")
        await visit.sees("Den sista dagen")
        await visit.clear()
        await visit.press("enter")
        await visit.sees("2 skrivningar")
        assert (await shown_filter(visit)).until_day is None


async def test_what_a_filter_found_is_undone_whole(house: House) -> None:
    await house.written_by(BO, *grants("ake", PRESCHOOL), *grants("zoe", PRESCHOOL))
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("ctrl+f")
        await visit.paste("annerstedt")
        await visit.sees("1 användare")
        await visit.press("down", "h")
        await visit.sees("Visar: om Åke Annerstedt", "1 av 2 händelser: Åke Annerstedt fick")
        await visit.press("u")
        await visit.sees("Ta bort från Åke Annerstedt", "Ta bort från Zoë Zetterström")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är ångrade.")
    assert await house.has("ake") == await house.has("zoe") == frozenset()
    assert Id(PRESCHOOL) in await house.has("anna")

"""Whom to ask: the order of contact as it is, copying, and what support enters."""

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.queries import ContactOn
from core.support import KONTAKTCENTER, ContactPart
from storage.open import open_storage
from tests.builders import NOW, set_contact
from tests.screens.house import MORNING, House
from tests.screens.visit import visiting
from tui.clipboard import MOST_BYTES, copy, passed_on

SIV = "TSTNMT2321000156-STOD"
FEBRUARY = MORNING.date()


async def hire_support(house: House) -> None:
    """Give Migrationsverket somebody in support."""
    await house.installs(
        AUTHORITY,
        c.RegisterAccount(
            account_id=Id("siv"),
            hsa_id=HsaId(SIV),
            given_name=GivenName("Siv"),
            family_name=FamilyName("Stöd"),
            email=EmailAddress("siv@verket.example"),
        ),
        c.AppointSupport(account_id=Id("siv")),
    )


async def test_the_administrators_come_first_and_then_the_kontaktcenter(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees(">4 Support<", "1 Först: administratörerna i Sundsvalls kommun")
        lines = visit.screen()
        order = [
            next(place for place, line in enumerate(lines) if text in line)
            for text in (
                "Först: administratörerna i Sundsvalls kommun",
                "Bo Berg, bo@sundsvall.example",
                "Eva Ek, eva@sundsvall.example (du)",
                "Sedan: Migrationsverkets kontaktcenter",
                f"E-post: {KONTAKTCENTER}",
                "SITHS- och HSA-ansvariga",
            )
        ]
        assert order == sorted(order)
        # No telephone is entered, so none is told.
        assert visit.lacks("Telefon")


async def test_the_address_of_the_line_is_copied_and_what_happened_is_said(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees("Bo Berg")
        await visit.press("k")
        await visit.sees("Kopiera: raden har ingen adress och inget nummer")
        await visit.press("down", "k")
        await visit.sees("bo@sundsvall.example: skickat till terminalens urklipp")
        assert visit.app.clipboard == "bo@sundsvall.example"
        await visit.goes_to("E-post")
        await visit.press("enter")
        await visit.sees(f"{KONTAKTCENTER}: skickat")
        assert visit.app.clipboard == KONTAKTCENTER


async def test_telephone_and_hours_are_told_from_the_day_that_they_hold(house: House) -> None:
    await house.installs(
        AUTHORITY,
        set_contact(ContactPart.TELEPHONE, "010-99 00 00", FEBRUARY),
        set_contact(ContactPart.HOURS, "vardagar 9-15", FEBRUARY.replace(day=2)),
    )
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees("Telefon: 010-99 00 00", "Från den 2 februari 2024: telefontid vardagar 9-15")
        await visit.goes_to("Telefon")
        await visit.sees("Gäller sedan den 1 februari 2024.")


async def test_an_administrator_cannot_change_the_contact(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees("Bo Berg")
        await visit.press("e")
        await visit.sees("det gör Migrationsverkets kontaktcenter")


async def test_support_enters_a_number_from_a_day_on_after_review(house: House) -> None:
    await hire_support(house)
    async with visiting(house, hsa_id=SIV) as visit:
        await visit.press("down", "4")
        await visit.sees("Det finns ingen.")
        await visit.press("e")
        await visit.sees("Kontaktcenters kontaktuppgifter")
        await visit.press("f8")
        await visit.sees("Ingenting är ändrat")
        await visit.fill("", "ring")
        await visit.press("f8")
        await visit.sees("Telefon är fel")
        await visit.press("up", "end", "ctrl+u")
        await visit.fill("010-99 00 00", "")
        await visit.clear()
        await visit.paste("2024-02-05")
        await visit.press("f8")
        await visit.sees("Kontaktcenter från den 5 februari 2024: telefonnummer 010-99 00 00")
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")
        assert visit.lacks("F7 ångrar")  # what is public on its day is not undone
        await visit.sees("Från den 5 februari 2024: telefonnummer 010-99 00 00")
    storage = await open_storage(str(house.path))
    try:
        asked = ContactOn(day=FEBRUARY.replace(day=5))
        assert (await storage.ask(asked, INSTALLATION, NOW)).telephone == "010-99 00 00"
    finally:
        await storage.close()


async def test_what_is_too_long_for_a_clipboard_is_not_sent(house: House) -> None:
    async with visiting(house) as visit:
        assert not copy(visit.app, "å" * (MOST_BYTES // 2 + 1), "Brevet")
        await visit.sees("Brevet är för långt för urklippet")
        assert visit.app.clipboard == ""
        assert copy(visit.app, "å" * (MOST_BYTES // 2), "Brevet")


def test_a_copy_goes_through_tmux_and_nothing_else_is_touched() -> None:
    sequence = "\x1b]52;c;aGVq\a"
    assert passed_on(sequence, {}) == sequence
    assert passed_on(sequence, {"TMUX": "x"}) == sequence + "\x1bPtmux;\x1b\x1b]52;c;aGVq\a\x1b\\"
    assert passed_on("\x1b[1mtext\x1b[m", {"TMUX": "x"}) == "\x1b[1mtext\x1b[m"

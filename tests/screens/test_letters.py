"""Letters to the kontaktcenter, at the keyboard: made, read, copied, saved and sent; never lost."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from core.letters import MailState
from core.support import KONTAKTCENTER
from storage.files.letters import FileLetters
from storage.files.post import Post
from tests.post.conftest import Box, Server, free_port
from tests.screens.house import OWNER, PER_ERIK, SUNDSVALL, House
from tests.screens.visit import Visit, visiting

NEW = (f"{OWNER}-7777", "Åsa", "Öberg", "asa@sundsvall.example")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that can be trusted."""
    return Server(tmp_path_factory.mktemp("server"))


@pytest.fixture
def box(house: House, server: Server) -> Iterator[Box]:
    """What the house's mail server takes."""
    box = Box()
    with server.running(box) as post:
        house.post = post
        yield box


def kept(house: House) -> FileLetters:
    return FileLetters(house.folder / "letters", "house", "eva", SUNDSVALL, None)


async def make_letter(visit: Visit, *, new: tuple[str, ...] = NEW) -> None:
    """Make the letter that registers an administrator, up to the finished letter."""
    await visit.press("4")
    await visit.sees("Bo Berg")
    await visit.press("b")
    await visit.sees("Brev om administratörer")
    await visit.press("enter")
    await visit.sees("Vem ska bli administratör?")
    await visit.fill(*new)
    await visit.press("f8")


async def test_a_letter_that_registers_says_everything_that_is_needed(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await visit.sees(
            "Brev till kontaktcenter",
            f"Till     {KONTAKTCENTER}",
            "Registrera en administratör: Sundsvalls kommun",
            "Vi vill att en ny administratör registreras för Sundsvalls kommun (212000-2411).",
            f"HSA-id: {NEW[0]}",
            "Förnamn: Åsa",
            "Efternamn: Öberg",
            "E-post: asa@sundsvall.example",
            "Eva Ek, administratör för Sundsvalls kommun",
            "Läge: inte skickat.",
        )
        # It is kept already, and stays when one goes back.
        (letter,) = kept(house).kept()
        assert letter.mail.sender == "eva@sundsvall.example"
        await visit.press("escape")
        await visit.sees("1 februari 2024, inte skickat: Registrera en administratör: Sundsvalls kommun")
        await visit.goes_to("1 februari 2024, inte")
        await visit.press("enter")
        await visit.sees("Efternamn: Öberg")


async def test_what_is_typed_wrong_is_told_at_its_field(house: House) -> None:
    async with visiting(house) as visit:
        await make_letter(visit, new=("SE0000000000-1", "Åsa", "", "asa@"))
        await visit.sees("HSA-id är fel", "Efternamn saknas", "E-post är fel")
        assert kept(house).kept() == ()
        await visit.press("escape")
        await visit.sees("Det du har skrivit här går förlorat")
        await visit.press("right", "enter")
        await visit.sees(">4 Support<")


async def test_a_user_who_shall_administer_is_asked_about_and_the_letter_says_so(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit, new=(f"{OWNER}-1101", "Anna", "Andersson", "anna@sundsvall.example"))
        await visit.sees("Är användare här", "en person har bara en roll")
        await visit.press("enter")
        await visit.sees_no("Är användare här")
        await visit.press("f8")
        await visit.sees("Är användare här")
        await visit.press("right", "enter")
        await visit.sees("Anna Andersson är användare hos oss. En person har bara en roll")


async def test_an_administrator_is_not_registered_twice(house: House) -> None:
    async with visiting(house) as visit:
        await make_letter(visit, new=(f"{OWNER}-1001", "Bo", "Berg", "bo@sundsvall.example"))
        await visit.sees("Bo Berg är redan administratör här")


async def test_an_administrator_is_removed_while_another_stays(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("4")
        await visit.sees("Bo Berg")
        await visit.press("b", "down", "down", "enter")
        await visit.sees("Vem ska inte längre vara administratör?", "Bo Berg", "Eva Ek")
        await visit.press("enter")
        await visit.sees(
            "Ska inte längre vara administratör:", f"HSA-id: {OWNER}-1001", "minst en administratör till"
        )


async def test_the_last_administrator_is_not_removed(house: House) -> None:
    async with visiting(house, hsa_id=PER_ERIK) as visit:
        await visit.press("4")
        await visit.sees("Per-Erik Sundin")
        await visit.press("b", "down", "down", "enter")
        await visit.sees("detta är den enda: byt i stället för att ta bort")


async def test_a_letter_is_copied_and_saved_and_no_file_is_written_over_unasked(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "brev.eml"
    path.write_bytes(b"another")
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await visit.sees("Brev till kontaktcenter")
        await visit.press("tab", "right", "enter")
        await visit.sees("Brevet: skickat till terminalens urklipp")
        assert visit.app.clipboard.startswith(f"Till: {KONTAKTCENTER}\nÄmne: Registrera")
        assert "Efternamn: Öberg" in visit.app.clipboard
        await visit.press("right")
        await save_as(visit, path)
        await visit.press("enter")
        await visit.sees("Ingenting sparades.")
        assert path.read_bytes() == b"another"
        await save_as(visit, path)
        await visit.press("right", "enter")
        await visit.sees("Brevet är sparat som")
    message = message_from_bytes(path.read_bytes(), policy=SMTP)
    assert message["Subject"] == "Registrera en administratör: Sundsvalls kommun"


async def save_as(visit: Visit, path: Path) -> None:
    """Save under the name of a file that is there, up to the question about it."""
    await visit.press("enter")
    await visit.sees("Spara brevet som")
    await visit.clear()
    await visit.paste(str(path))
    await visit.press("enter")
    await visit.sees("finns redan. Ska brevet ersätta den?")


async def send(visit: Visit) -> None:
    """Go to the button that sends, and say yes to its question."""
    await visit.sees("Brev till kontaktcenter")
    await visit.press("tab")
    await visit.goes_to("Skicka ]", "right", most=6)
    await visit.press("enter")
    await visit.sees("[ Skicka inte ]")
    await visit.press("right", "enter")


async def test_a_letter_is_sent_after_a_question_and_once(house: House, box: Box) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await send(visit)
        await visit.sees(f"Brevet är skickat till {KONTAKTCENTER}.", "skickat: Registrera en administratör")
        assert len(box.taken) == 1
        await visit.goes_to("1 februari 2024, skickat")
        await visit.press("enter")
        await visit.sees("Läge: skickat.")
        await visit.press("tab")
        await visit.goes_to("Skicka ]", "right", most=6)
        await visit.press("enter")
        await visit.sees("Det är skickat.")
    assert len(box.taken) == 1


async def test_without_a_server_the_letter_says_what_else_can_be_done(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await visit.sees("Brev till kontaktcenter")
        await visit.press("tab")
        await visit.goes_to("Skicka ]", "right", most=6)
        await visit.press("enter")
        await visit.sees("Ingen e-postserver är angiven (smtp_host)")


async def test_a_failure_leaves_the_letter_and_says_why(house: House) -> None:
    house.post = Post(host="127.0.0.1", port=free_port(), seconds=2)
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await send(visit)
        await visit.sees("Brevet är inte skickat, det ligger under Support. 127.0.0.1 går inte att nå")
        (letter,) = kept(house).kept()
        assert letter.state is MailState.WAITING
        await visit.sees("inte skickat: Registrera")


async def test_the_screen_is_used_while_a_server_keeps_silent(house: House, server: Server) -> None:
    def talk(line: ssl.SSLSocket) -> None:
        line.settimeout(10)
        line.recv(100)

    with server.scripted(talk, seconds=2) as post:
        house.post = post
        async with visiting(house) as visit:
            await make_letter(visit)
            await send(visit)
            await visit.press("1", "down", "down")
            await visit.sees(">1 Användare<", "Berg, Bo")
            assert visit.lacks("svarade inte i tid")
            await visit.sees("127.0.0.1 svarade inte i tid")
    assert [each.state for each in kept(house).kept()] == [MailState.WAITING]


def leave_as_killed(path: Path) -> None:
    """Leave a letter as a process does that is killed while it sends."""
    path.rename(path.with_name(path.name.replace(".eml", ".sending.eml")))


async def test_a_letter_in_doubt_is_not_sent_again_without_being_told(house: House, box: Box) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        (letter,) = kept(house).kept()
        leave_as_killed(Path(letter.place))
        await visit.press("escape", "ctrl+r")
        await visit.sees("kanske skickat: Registrera")
        await visit.goes_to("1 februari 2024, kanske")
        await visit.press("enter")
        await visit.sees("Läge: kanske skickat.")
        await visit.press("tab")
        await visit.goes_to("Skicka ]", "right", most=6)
        await visit.press("enter")
        await visit.sees("Det kan redan ha kommit fram.")
        await visit.press("enter")
        assert box.taken == []
        await visit.press("enter")
        await visit.press("right", "enter")
        await visit.sees(f"Brevet är skickat till {KONTAKTCENTER}.")
    assert len(box.taken) == 1


async def test_a_letter_is_thrown_away_after_a_question(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await make_letter(visit)
        await visit.sees("Brev till kontaktcenter")
        await visit.press("tab")
        await visit.goes_to("Kasta ]", "right", most=6)
        await visit.press("enter", "enter")
        assert len(kept(house).kept()) == 1
        await visit.press("enter", "right", "enter")
        await visit.sees("Brevet är kastat.")
        assert kept(house).kept() == ()

"""The asking by itself: what is typed through a real pipe, and every line that is written."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING, TypeVar

import pytest

from tui.menu.console import Console
from tui.menu.dialogue import BackError, Dialogue, LeaveError, Option, Ready
from tui.menu.form import Asked, WrongTextError, fill_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

FRUIT = tuple(Option(name.casefold(), name) for name in ("Äpple", "Apelsin", "Banan", "Päron"))


def talk(
    typed: str, work: Callable[[Dialogue], Awaitable[T]], *, width: int = 80, **seconds: float
) -> tuple[T | type[BaseException], str]:
    """Type a text, which then ends, and give what came of the work and everything that was written."""
    source, end = os.pipe()
    os.write(end, typed.encode())
    os.close(end)
    written = io.StringIO()

    async def go() -> T | type[BaseException]:
        dialogue = Dialogue(Console(source, written, width=width), **seconds)
        try:
            return await work(dialogue)
        except (BackError, LeaveError) as error:
            return type(error)

    try:
        return asyncio.run(go()), written.getvalue()
    finally:
        os.close(source)


def lines_of(written: str) -> list[str]:
    """Give the lines that were written, without empty ones."""
    return [line for line in written.split("\n") if line]


async def choose_fruit(dialogue: Dialogue) -> str:
    return await dialogue.choose("Frukt", FRUIT, enter="banan")


# Choosing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1", "äpple"),
        ("4", "päron"),
        ("päron", "päron"),
        ("PARON", "päron"),
        ("b", "banan"),
        ("ap", "apelsin"),
        ("äp", "äpple"),
        ("pa", "päron"),
        ("", "banan"),
        ("  2 ", "apelsin"),
        ("\x1b[A\x1b[B3", "banan"),
        ("\x1bOP\x073", "banan"),
    ],
)
def test_a_number_a_word_or_its_beginning_chooses_and_enter_is_the_safe_choice(
    typed: str, chosen: str
) -> None:
    answer, written = talk(f"{typed}\n", choose_fruit)
    assert answer == chosen
    assert lines_of(written) == [
        *("Frukt", "1. Äpple", "2. Apelsin", "3. Banan", "4. Päron"),
        "Siffra (Enter är 3, Banan): ",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5", "5 finns inte: skriv en siffra från 1 till 4."),
        ("0009", "0009 finns inte: skriv en siffra från 1 till 4."),
        ("kiwi", "Inget här heter ”kiwi”. ? berättar vad du kan svara."),
        ("fler", "Det finns inga fler."),
        ("-1", "Inget här heter ”-1”. ? berättar vad du kan svara."),
    ],
)
def test_a_wrong_answer_gets_one_sentence_and_the_question_again(typed: str, said: str) -> None:
    answer, written = talk(f"{typed}\n2\n", choose_fruit)
    assert answer == "apelsin"
    question = "Siffra (Enter är 3, Banan): "
    assert lines_of(written)[5:] == [question, said, question]


def test_several_that_begin_alike_are_told_with_their_numbers() -> None:
    options = (Option(1, "Ge till användare"), Option(2, "Ge bort"), Option(3, "Ta bort"))
    answer, written = talk("ge\nbort\nta\n", lambda dialogue: dialogue.choose("", options))
    assert answer == 3
    assert "Flera börjar så:\n1. Ge till användare\n2. Ge bort\n" in written
    assert "Flera börjar så:\n2. Ge bort\n3. Ta bort\n" in written


@pytest.mark.parametrize(
    ("typed", "raised"),
    [("0\n", BackError), ("tillbaka\n", BackError), ("Avsluta\n", LeaveError), ("", LeaveError)],
)
def test_going_back_leaving_and_the_end_of_the_input_are_heard_at_every_question(
    typed: str, raised: type[BaseException]
) -> None:
    assert talk(typed, choose_fruit)[0] is raised
    assert talk(typed, lambda dialogue: dialogue.value("Namn"))[0] is raised
    assert talk(typed, lambda dialogue: dialogue.text("Namn", fault=lambda _answer: ""))[0] is raised
    assert talk(typed, lambda dialogue: dialogue.pick_many("", Ready(FRUIT)))[0] is raised


def test_the_safe_answer_to_a_yes_or_no_is_no() -> None:
    async def ask(dialogue: Dialogue) -> bool:
        return await dialogue.confirm("Det skrivs nu.", yes="Skriv", no="Tillbaka")

    for typed in ("\n", "2\n", "0\n", "tillbaka\n"):
        assert talk(typed, ask)[0] is False
    for typed in ("1\n", "skriv\n"):
        assert talk(typed, ask)[0] is True


def test_a_question_mark_tells_how_to_answer_and_what_each_line_is_for() -> None:
    options = (Option(1, "Granska", "Visar vad som kommer att ske."), Option(2, "Avvakta"))
    answer, written = talk("?\nhjälp\n2\n", lambda dialogue: dialogue.choose("", options))
    assert answer == 2
    told = "1. Granska: Visar vad som kommer att ske."
    assert written.count(told) == 2
    assert "”avsluta” lämnar programmet; det som inte är skrivet finns kvar som utkast." in " ".join(
        written.split()
    )


def test_what_cannot_be_done_says_why_and_asks_again() -> None:
    options = (Option(1, "Granska", why_not="Granska: inget är förberett."), Option(2, "Historik"))
    answer, written = talk("1\ngr\n2\n", lambda dialogue: dialogue.choose("", options))
    assert answer == 2
    assert written.count("Granska: inget är förberett.\n") == 2


# Long lists -----------------------------------------------------------------------------------------

PEOPLE = tuple(Option(number, f"Person {number}") for number in range(1, 26))


def test_a_long_list_is_told_in_pages_and_every_number_told_can_be_chosen() -> None:
    answer, written = talk("fler\n25\nfler\nfler\n3\n", lambda dialogue: dialogue.pick("", Ready(PEOPLE)))
    assert answer == 3
    assert "10 hittills; ”fler” visar fler.\n" in written
    assert "25 finns inte: skriv en siffra från 1 till 20." in written
    assert "25. Person 25\nSiffra" in written
    assert "Det finns inga fler.\n" in written


def test_what_is_typed_is_searched_for_and_after_a_slash_whatever_it_is() -> None:
    looked_for: list[str] = []

    async def search(text: str) -> Ready[int]:
        looked_for.append(text)
        return Ready([each for each in PEOPLE if text.casefold() in each.label.casefold()])

    typed = "son 7\n/fler\n2019\n99\nperson 21\n1\n"
    answer, written = talk(typed, lambda dialogue: dialogue.pick("", Ready(PEOPLE), search=search))
    assert answer == 21
    # A short number that stands at no line is a mistake; a long one is a part of an id.
    assert looked_for == ["son 7", "fler", "2019", "person 21"]
    assert "Det finns inget att välja här; 0 går tillbaka." in written


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("1 3 5-7\n", [1, 3, 5, 6, 7]),
        ("2,4\n", [2, 4]),
        ("2 2 1\n", [2, 1]),
        ("alla\n", list(range(1, 26))),
        ("11\n5-3\n1 x\nfler\n20\n", [20]),
    ],
)
def test_several_are_chosen_by_numbers_and_ranges(typed: str, chosen: list[int]) -> None:
    assert talk(typed, lambda dialogue: dialogue.pick_many("", Ready(PEOPLE)))[0] == chosen


def test_a_long_text_is_read_a_page_at_a_time() -> None:
    lines = [f"Rad {number}" for number in range(1, 46)]

    async def read(dialogue: Dialogue) -> None:
        await dialogue.read_out(lines)

    _answer, written = talk("\n0\n", read)
    assert "Rad 20\n25 rader kvar. Enter läser vidare, 0 slutar: \nRad 21\n" in written
    assert written.endswith("Rad 40\n5 rader kvar. Enter läser vidare, 0 slutar: \n")
    assert talk("\n\n", read)[1].endswith("Rad 45\n")


def test_lines_are_broken_at_the_width_and_hold_no_noise() -> None:
    options = [Option(1, "Stödinsatser samt hälso- och sjukvård för nyanlända " * 2), Option(2, "B")]
    _answer, written = talk("?\nx\n2\n", lambda dialogue: dialogue.choose("En rubrik", options), width=40)
    for line in written.split("\n"):
        assert len(line) <= 40
        assert "  " not in line
        assert not line.startswith(" ")


# Values ---------------------------------------------------------------------------------------------


def _small(text: str) -> str:
    if not text or len(text) > 5:
        raise WrongTextError("Högst fem tecken.")
    return text


def test_zero_goes_back_one_value_and_what_was_typed_is_kept() -> None:
    asked = (
        Asked("first", "Förnamn", _small),
        Asked("last", "Efternamn", _small, "Ek"),
        Asked("note", "Anteckning", _small, "gammal", optional=True),
        Asked("code", "Kod", _small, optional=True),
    )
    typed = "\nför lång\nEva\n0\n\n\n-\n\n"
    answer, written = talk(typed, lambda dialogue: fill_in(dialogue, asked))
    assert answer == {"first": "Eva", "last": "Ek", "note": None, "code": None}
    assert written.count("Högst fem tecken.") == 2
    assert "Förnamn (Enter behåller Eva): " in written
    assert "Anteckning (Enter behåller gammal, - tömmer): " in written
    assert "Kod (Enter för inget): " in written
    assert talk("0\n", lambda dialogue: fill_in(dialogue, asked))[0] is BackError


def test_a_text_of_several_lines_ends_with_a_full_stop() -> None:
    answer, _written = talk("Hej.\n\n  - en\n.\n", lambda dialogue: dialogue.long_text("Texten"))
    assert answer == "Hej.\n\n  - en"
    kept, written = talk(".\n", lambda dialogue: dialogue.long_text("Texten", before="Det gamla"))
    assert kept == "Det gamla"
    assert "Det gamla\n" in written
    assert talk("hej\n0\n", lambda dialogue: dialogue.long_text("Texten"))[0] is BackError
    assert talk("hej\n", lambda dialogue: dialogue.long_text("Texten"))[0] is LeaveError


# Long work ------------------------------------------------------------------------------------------


def test_long_work_says_so_now_and_then_and_short_work_says_nothing() -> None:
    async def work(dialogue: Dialogue, seconds: float) -> str:
        async def slow() -> str:
            await asyncio.sleep(seconds)
            return "klart"

        return await dialogue.working(slow())

    answer, written = talk("", lambda dialogue: work(dialogue, 0.25), first_word=0.05, between_words=0.1)
    assert answer == "klart"
    assert lines_of(written) == ["Det här tar en stund; det pågår, 0 sekunder hittills."] * 2
    assert talk("", lambda dialogue: work(dialogue, 0)) == ("klart", "")

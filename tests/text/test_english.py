"""In English, days, times, numbers and sentences are as English has them, and letters are Swedish."""

from collections.abc import Generator
from datetime import UTC, date, datetime

import pytest

from core.announcements import AnnouncementKind, Banner
from core.catalogue import Catalogue
from core.directory import Organisation, OrganisationKind, Role
from core.letters import AdministratorLetter, LetterKind
from core.refusal import Refusal
from tests.builders import administrator_of, launch
from tui.assemble.serving import in_language
from tui.text import _, language, ngettext, number, speaking
from tui.text.announcements import draft_announcement_for, of_banner
from tui.text.away import of_away
from tui.text.dates import clock, day, moment
from tui.text.letters import letter_subject, letter_text
from tui.text.question import technical
from tui.text.read_day import read_day

MORNING = datetime(2024, 2, 1, 7, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Generator[None]:
    with speaking("en"):
        yield


def test_days_and_times_are_as_in_english() -> None:
    assert day("2021-03-01") == "1 March 2021"
    assert clock(MORNING) == "08:12"
    assert moment(MORNING) == "1 February 2024 08:12"


def test_numbers_are_grouped_by_commas() -> None:
    assert number(-1_234_567) == "\N{MINUS SIGN}1,234,567"
    assert ngettext("{count} user", "{count} users", 1340) == "1,340 users"


def test_times_inside_sentences_are_as_in_english() -> None:
    assert of_away(MORNING, MORNING, server=True) == (
        "No contact with the server since 08:12. What is shown was read 08:12."
    )
    banner = Banner(
        id="x",
        kind=AnnouncementKind.MAINTENANCE,
        title="E-tjänsterna är stängda",
        begins=datetime(2025, 2, 23, 17, tzinfo=UTC),
        ends=datetime(2025, 2, 23, 20, tzinfo=UTC),
    )
    assert of_banner(banner) == "Planned maintenance Sunday 23 February 18:00-21:00: E-tjänsterna är stängda"


@pytest.mark.parametrize(
    "text",
    ["2 May 2023", "2nd of May, 2023", "May 2, 2023", "may 2nd 2023", "2 maj 2023", "2/5 2023", "2023-05-02"],
)
def test_a_day_is_read_in_both_languages(text: str) -> None:
    assert read_day(text, date(2024, 2, 1)) == date(2023, 5, 2)
    with speaking("sv"):
        assert read_day(text, date(2024, 2, 1)) == date(2023, 5, 2)


def test_what_is_written_to_the_kontaktcenter_is_swedish() -> None:
    organisation = Organisation(
        id="kommun-2281",
        kind=OrganisationKind.MUNICIPALITY,
        name="Sundsvalls kommun",
        number="212000-2411",
    )
    actor = administrator_of("kommun-2281")
    letter = AdministratorLetter(kind=LetterKind.REGISTER)
    assert letter_subject(letter, organisation).startswith("Registrera en administratör: ")
    assert letter_text(letter, organisation, actor, "eva@sundsvall.example").startswith("Hej!")
    assert technical(role=Role.USER, storage_kind="SQLite", messages=[]).splitlines()[1:] == [
        *("Databas: SQLite", "Roll: användare", "Senaste fel: inget"),
    ]


def test_a_ready_written_announcement_is_swedish() -> None:
    change = launch("ny", date(2024, 3, 1), name="Ny typ")
    ready = draft_announcement_for(change, Catalogue(e_services=(), permissions=()), date(2024, 2, 1))
    assert ready.content.title == "Ny behörighet: Ny typ"
    assert "1 mars 2024" in ready.content.text


def test_a_server_answers_each_reader_in_the_language_asked_for() -> None:
    refusal = Refusal("nothing_to_write", "")
    assert in_language(refusal, "sv") == "Det finns ingenting att skriva: gör en ändring först."
    assert in_language(refusal, "en") == "There is nothing to write: stage a change first."
    assert language() == "en"
    assert _("Nothing was saved.") == "Nothing was saved."

"""The manual and the answers become pages of plain lines, and each answer names the keys that do it."""

from pathlib import Path

import pytest

from tests.manual import DOCS
from tui.actions import ACTIONS, PLACES
from tui.app import Behorig
from tui.handbook import Page, Paragraph, pages_of, read_pages, source
from tui.text import speaking

KNOWN = {action.id: action for action in ACTIONS}


@pytest.mark.parametrize("name", ["manual", "questions", "accessibility"])
def test_the_english_pages_do_the_same_as_the_swedish_in_the_same_order(name: str) -> None:
    swedish = read_pages(name)
    with speaking("en"):
        assert source(name) == DOCS / f"{name}.en.md"
        english = read_pages(name)
    assert [[each.does for each in page.paragraphs if each.does] for page in english] == [
        [each.does for each in page.paragraphs if each.does] for page in swedish
    ]
    assert {page.title for page in english}.isdisjoint(page.title for page in swedish)


@pytest.mark.parametrize("name", ["manual", "questions", "accessibility"])
def test_a_page_is_what_stands_under_a_heading_in_the_one_source(name: str) -> None:
    assert source(name) == DOCS / f"{name}.md"
    text = source(name).read_text(encoding="utf-8")
    pages = read_pages(name)
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert [page.title for page in pages[1:]] == headings
    assert len({page.title for page in pages}) == len(pages)
    for page in pages:
        for paragraph in page.paragraphs:
            assert "**" not in paragraph.text
            assert "<!--" not in paragraph.text
            assert paragraph.text or paragraph.does


def test_every_question_names_a_key_that_does_it() -> None:
    for page in read_pages("questions")[1:]:
        assert any(each.does for each in page.paragraphs), page.title


@pytest.mark.parametrize("name", ["manual", "questions", "accessibility"])
def test_what_a_page_does_is_an_action_of_a_room_one_can_go_to(name: str) -> None:
    rooms = {place for room in Behorig.MODES for place in PLACES[room]}
    for page in read_pages(name):
        for each in page.paragraphs:
            assert not each.does or KNOWN[each.does].place in rooms, (page.title, each.does)


def test_every_question_of_the_domain_is_answered() -> None:
    wanted = (
        "igång", "Vad gör en administratör", "registrerar eller byter", "mer än en administratör",
        "både administratör och användare", "Vem är vår administratör", "SITHS-kort", "ny kollega",
    )  # fmt: skip
    titles = [page.title for page in read_pages("questions")]
    for words in wanted:
        assert any(words in title for title in titles), words


def test_markdown_becomes_plain_lines() -> None:
    text = (
        "# Bok\n\nFörst\nett stycke.\n\n## Sida\n\n1. **Ett** `x`\n   går vidare\n2. Två\n\n"
        "```\n  kod  här\n```\n"
        "| Tangent | Gör |\n| --- | --- |\n| `F8` | Granskar. |\n\n"
        "<!-- do: app.review app.help -->\n| F8 | gammalt |\n<!-- end -->\n\nSe [domänen](domain.md).\n"
    )
    assert pages_of(text) == (
        Page("Bok", (Paragraph("Först ett stycke."),)),
        Page(
            "Sida",
            (
                Paragraph("Ett x går vidare", "1."),
                Paragraph("Två", "2."),
                Paragraph("  kod  här"),
                Paragraph("Granskar.", "F8"),
                Paragraph("", does="app.review"),
                Paragraph("", does="app.help"),
                Paragraph("Se domänen."),
            ),
        ),
    )


def test_a_shipped_file_goes_before_the_working_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sv").mkdir()
    (tmp_path / "sv" / "manual.md").write_text("# Levererad\n\nText.\n", encoding="utf-8")
    monkeypatch.setattr("tui.handbook._SHIPPED", tmp_path)
    assert [page.title for page in read_pages("manual")] == ["Levererad"]
    assert read_pages("questions")[0].title == "Frågor och svar"

"""Pictures of every screen and dialog, from the demo: `python -m tests.screenshots` draws them anew.

Each scene is a walk by keyboard from the start of the program. The same program draws the same bytes: the
demo is the same in every build, the clock stands still, and what Textual and Rich put into an SVG that
differs from run to run or loads from elsewhere is taken out (:func:`plain`).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from core import changes as c
from core.announcements import AnnouncementKind
from core.directory import INSTALLATION
from core.identity import EmailAddress, Id
from core.service import Service
from storage.open import open_storage
from storage.seed import build
from storage.seed.cast import ANNA_ANDERSSON, DEMO_MORNING, EVA_EK, HELENA_WIKSTROM, KARIN_ASTROM
from tests.builders import announce, content
from tests.screens.announced import by_support
from tests.screens.between import Between
from tests.screens.house import House, counted, register
from tests.screens.visit import Visit
from tui.app import Behorig
from tui.assemble.databases import make_demo
from tui.looks import HIGH_CONTRAST as HIGH_CONTRAST_PROFILE
from tui.looks import MAGNIFIER, SCREEN_READER, STANDARD, Choice
from tui.text import LANGUAGES, use_language
from tui.themes import HIGH_CONTRAST, LIGHT
from tui.wishes import Wishes

if TYPE_CHECKING:
    from tui.session import Session

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"

USUAL = ((80, 24), (120, 40))
SMALL = ((40, 12),)

OTHER_THEMES = (LIGHT, HIGH_CONTRAST)
"""The themes with colours of their own, beside the usual one."""

Walk = Callable[[Visit], Awaitable[None]]

OWNER = EVA_EK.hsa_id.partition("-")[0]
EMPTY_PLACE, EMPTY_PERSON = "kommun-2321", "TSTNMT2321000156-2321"


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture in each of its sizes: the walk to it, as whom, and in which colours."""

    name: str
    walk: Walk
    sizes: tuple[tuple[int, int], ...] = USUAL
    theme: str = "dark"
    hsa_id: str = EVA_EK.hsa_id
    language: str = "sv"
    profile: str = STANDARD
    shut: bool = False
    """The storage does not open: the first frame."""

    def files(self) -> list[str]:
        """Give the names of its pictures."""
        return [f"{self.name}-{columns}x{rows}.svg" for columns, rows in self.sizes]


# Walks --------------------------------------------------------------------------------------------


def keys(*steps: str, seen: str) -> Walk:
    """Press keys; a step with a blank before it is text for the field that has the focus."""

    async def walk(visit: Visit) -> None:
        await visit.do(*steps)
        await visit.sees(seen)

    return walk


NEWCOMER = (
    "n",
    f" {OWNER}-2F7K",
    "enter",
    " Nadja",
    "enter",
    " Öhman",
    "enter",
    " nadja.ohman@sundsvall.example",
)
MATRIX = ("2", "down", "down")
STAGED = (*MATRIX, "g", "down", "space", "space", "right", "g", "u", "down", "t", "right", "right", "enter")


async def _retired(visit: Visit) -> None:
    await keys("2", "v", seen="Avslutade behörigheter visas.")(visit)
    await visit.to_column("medicinska-skal-ekonomiskt-bistand")
    await visit.settled()


async def _blocked(visit: Visit) -> None:
    await keys("2", seen="Fsk")(visit)
    await visit.goes_to("/")
    await keys("enter", seen="administratör och kan inte ha behörigheter")(visit)


async def _again(visit: Visit) -> None:
    await keys("f", " avregistrerade", "enter", "enter", seen="Registrera igen")(visit)


async def _stale(visit: Visit) -> None:
    await keys(
        *STAGED,
        "1",
        "home",
        "enter",
        "down",
        "down",
        "down",
        "end",
        "ctrl+u",
        " ny@sundsvall.example",
        "f8",
        seen="ej skrivna",
    )(visit)
    first = visit.app.people.rows[0].account
    account_id, cells = next(iter(visit.app.desk.draft.cells.items()))
    await visit.house.written_by(
        KARIN_ASTROM.hsa_id,
        c.AmendAccount(
            account_id=Id(first.id),
            seen_version=first.version,
            email=EmailAddress("social@sundsvall.example"),
        ),
        c.Grant(account_id=Id(account_id), permission_id=Id(next(iter(cells)))),
    )
    # It is told by itself; what was told is gone again at the next key.
    await visit.sees("stämmer inte längre; F8")
    await keys("f8", seen="!")(visit)


async def _others(visit: Visit) -> None:
    """Let another administrator write what is told, and what the draft then no longer fits."""
    await keys(*MATRIX, "g", seen="1 ej skriven")(visit)
    account_id, cells = next(iter(visit.app.desk.draft.cells.items()))
    grant = c.Grant(account_id=Id(account_id), permission_id=Id(next(iter(cells))))
    await visit.house.written_by(KARIN_ASTROM.hsa_id, grant)
    await visit.sees("stämmer inte längre; F8")


async def _away(visit: Visit) -> None:
    """Let the server go away while the matrix is worked with."""
    await keys(*MATRIX, seen="Fsk")(visit)
    await visit.settled()
    service = visit.app.desk.service
    storage = Between(service.storage)
    storage.go_away("server_away")
    service.storage = storage
    await keys("ctrl+r", seen="Ingen kontakt med servern sedan")(visit)
    await keys("g", "down", "g", seen="Det kunde inte läsas")(visit)


async def _no_match(visit: Visit) -> None:
    await keys("down", "h", seen="Visar: om")(visit)
    await visit.settled()
    await keys("f", *["down"] * 4, "enter", *["down"] * 6, "enter", seen="Inget motsvarar filtret")(visit)


async def _export(visit: Visit) -> None:
    # The folder of a run is nobody's business, and not the same twice.
    with contextlib.chdir("/"):
        await keys("5", "e", seen="Filens namn.")(visit)


async def _letter_form(visit: Visit) -> None:
    await keys("4", "b", seen="Brev om administratörer")(visit)
    await keys("enter", seen="Vem ska bli")(visit)
    await keys(*NEWCOMER[1:], seen="nadja.ohman@")(visit)


async def _letter(visit: Visit) -> None:
    await _letter_form(visit)
    await keys("f8", seen="Brev till kontaktcenter")(visit)


async def _undo(visit: Visit) -> None:
    await keys(*STAGED, "f8", "f8", "enter", "f7", seen="Ångra det som")(visit)


async def _banner(visit: Visit) -> None:
    """Let maintenance be under way, which is told on every room once it is read."""
    at = DEMO_MORNING.astimezone(UTC)
    said = content(
        "E-tjänsterna är stängda",
        kind=AnnouncementKind.MAINTENANCE,
        at=at,
        begins=at,
        ends=at + timedelta(hours=3),
    )
    await by_support(visit.house, announce("underhall", said))
    await visit.sees("under Aktuellt.")
    await keys("3", "ctrl+r", "1", "down", seen="Planerat underhåll")(visit)


async def _news_form(visit: Visit) -> None:
    await keys("down", "3", "n", seen="Skriv nytt")(visit)
    await keys(" Nya aviseringar", "f4", seen="Texten saknas")(visit)
    await keys(" Aviseringarna kommer nu **samma dag**.\n\n* Slå på dem i e-tjänsten.", seen="Slå på dem")(
        visit
    )


async def _news_preview(visit: Visit) -> None:
    await _news_form(visit)
    await keys("f4", seen="Så kommer administratörerna")(visit)


SCENES: tuple[Scene, ...] = (
    Scene("opening", keys(seen="öppnar"), shut=True),
    Scene("users", keys("down", seen="40 användare")),
    Scene("users-detail", keys("d", "down", "down", seen="Har: ")),
    Scene("users-marked", keys("space", "space", "down", "space", seen="3 markerade")),
    Scene("users-search", keys("ctrl+f", " son", seen="Sök: son")),
    Scene("users-no-match", keys("ctrl+f", " krokodil", seen="Ingen motsvarar")),
    Scene(
        "users-filtered",
        keys("f", " har administrera", "enter", "s", "down", "down", "enter", seen="efter HSA-id"),
    ),
    Scene("users-deregistered", keys("f", " avregistrerade", "enter", seen="Avregistrerad.")),
    Scene("users-staged", keys(*NEWCOMER, "f8", "down", "delete", "right", "enter", seen="2 ej skrivna")),
    Scene("form-new", keys("n", seen="Ny användare")),
    Scene(
        "form-faults",
        keys("n", " SE0000000000-1337", "enter", " =cmd|", "enter", "enter", " nadja@", "f8", seen="fel"),
    ),
    Scene("form-change", keys("down", "enter", "down", "down", "down", seen="Ändra uppgifter")),
    Scene("form-again", _again),
    Scene(
        "question-number",
        keys("n", " SE5565594230-1337", *NEWCOMER[2:], "f8", seen="Annat organisationsnummer"),
    ),
    Scene("question-leave", keys(*NEWCOMER[:4], "escape", seen="Lämna formuläret")),
    Scene("question-deregister", keys("down", "delete", seen="Avregistrera")),
    Scene("question-quit", keys(*STAGED, "ctrl+x", seen="Avsluta")),
    Scene("permissions", keys(*MATRIX, seen="Fsk")),
    Scene("permissions-staged", keys(*STAGED, seen="ej skrivna")),
    Scene("permissions-others", _others),
    Scene("permissions-away", _away),
    Scene("permissions-folded", keys(*STAGED, "w", "right", "left", seen="Hopvikt")),
    Scene("permissions-blocked", _blocked),
    Scene("permissions-retired", _retired),
    Scene("copy", keys(*MATRIX, "space", "k", seen="Kopiera från")),
    Scene("person", keys("down", "b", "down", seen="Lanserad")),
    Scene("review", keys(*STAGED, "1", *NEWCOMER, "f8", "f8", seen="[ Skriv ")),
    Scene("review-stale", _stale),
    Scene("review-undo", _undo),
    Scene("written", keys(*STAGED, "f8", "f8", "enter", seen="F7 ångrar.")),
    Scene("writes", keys("5", "down", seen="Historik<")),
    Scene("write", keys("5", "down", "enter", seen="När")),
    Scene("writes-filtered", keys("down", "h", seen="Visar: om")),
    Scene("writes-no-match", _no_match),
    Scene("choose-history", keys(*MATRIX, "h", seen="Historik för detta")),
    Scene("choose-history-filter", keys("5", "f", seen="Visa bara")),
    Scene("export", _export),
    Scene("ask-day", keys("c", " förr", "enter", seen="är ingen dag")),
    Scene("users-past", keys("c", " 2 maj 2023", "enter", seen="FÖRR: ")),
    Scene("permissions-past", keys(*MATRIX, "c", " 2 maj 2023", "enter", seen="FÖRR: ")),
    Scene("permissions-past", keys(*MATRIX, "c", " 2 maj 2023", "enter", seen="FÖRR: "), SMALL),
    Scene("person-past", keys("down", "c", " 2 maj 2023", "enter", "b", seen="den 2 maj 2023")),
    Scene("differences", keys("j", " 2 maj 2023", "enter", seen="Från 2 maj 2023")),
    Scene("support", keys("4", "down", seen="(du)")),
    Scene("contact-form", keys("down", "4", "e", seen="Från dag"), hsa_id=HELENA_WIKSTROM.hsa_id),
    Scene("letter-form", _letter_form),
    Scene("letter", _letter),
    Scene("question-form", keys("4", "f", " Ny typ", "enter", " Hej! När kommer den?", seen="Hej!")),
    Scene("manual", keys("f2", "down", "down", seen="Handledning")),
    Scene("answers", keys("f3", " siths", seen="SITHS-kort")),
    Scene("answer", keys("f3", " siths", "enter", "end", seen="Esc Rubriker")),
    Scene("news", keys("3", "down", seen="nytt namn")),
    Scene("news-search", keys("3", "ctrl+f", " forskola", seen="Visar: 2")),
    Scene("news-done", keys("3", "k", seen="[ Det är klart ]"), (USUAL[0],)),
    Scene("announcement", keys("3", "enter", seen="Läge:")),
    Scene("announcement-table", keys("3", "down", "down", "enter", seen="Sätt att logga in")),
    Scene("banner", _banner),
    Scene("news-form", _news_form, hsa_id=HELENA_WIKSTROM.hsa_id),
    Scene("news-preview", _news_preview, hsa_id=HELENA_WIKSTROM.hsa_id),
    Scene("choose-filter", keys("f", seen="Visa bara")),
    Scene("choose-column", keys("2", "ctrl+g", seen="Gå till kolumn")),
    Scene("choose-order", keys("s", seen="Sortera efter")),
    Scene("display", keys("f9", seen="Visning")),
    Scene(
        "screen-reader",
        keys("2", "enter", "ctrl+t", seen="inte skrivet."),
        ((80, 24),),
        profile=SCREEN_READER,
    ),
    Scene("screen-reader-users", keys("down", "space", seen="markerad"), ((80, 24),), profile=SCREEN_READER),
    Scene("magnifier", keys("2", "down", "right", seen="Vård:"), ((80, 24), *SMALL), profile=MAGNIFIER),
    Scene(
        "high-contrast-users", keys("down", seen=">"), ((80, 24),), "contrast", profile=HIGH_CONTRAST_PROFILE
    ),
    Scene("palette", keys("ctrl+p", " ta", seen="Alla kommandon")),
    Scene("jump", keys(*MATRIX, "ctrl+o", " ande", seen="Hoppa")),
    Scene("help", keys("f1", seen="Hjälp")),
    Scene("help-form", keys("n", "f1", seen="I dialogen:")),
    Scene("lines", keys(*MATRIX, "i", seen="Hela texten")),
    Scene("messages", keys("u", "f7", "a", "f6", seen="Meddelanden")),
    Scene("empty", keys(seen="1 användare"), hsa_id=EMPTY_PERSON),
    Scene("empty-permissions", keys("2", "enter", seen="inget avtal"), hsa_id=EMPTY_PERSON),
    *(
        Scene(name, keys(*walk, seen=seen), hsa_id=HELENA_WIKSTROM.hsa_id)
        for name, walk, seen in (
            ("search", (" son sundsvall",), "personer"),
            ("search-guess", (" anna andresson",), "En gissning"),
            ("search-hsa-id", (f" {OWNER}-1373",), "är inte registrerat"),
            ("card", (f" {ANNA_ANDERSSON.hsa_id}", "enter", "down"), "Anna Andersson, användare"),
            ("card-happened", (f" {ANNA_ANDERSSON.hsa_id}", "enter", "end"), "öppnade kortet"),
            ("card-spelled", (f" {ANNA_ANDERSSON.hsa_id}", "enter", "b"), "bokstaverat"),
            ("card-gone", (" gunnel nordstrom", "enter"), "Avregistrerades"),
            ("appoint", (f" {ANNA_ANDERSSON.hsa_id}", "enter", "a"), "[ Skriv 1 ändring ]"),
            ("organisation", (" bjurholms kommun", "enter"), "Bjurholms kommun, "),
            ("organisation-end", (" bjurholms kommun", "enter", "end", "enter"), "Det upphör med avtalet"),
            ("catalogue", ("down", "2", "down"), "2 Katalog<"),
            ("catalogue-launch", ("down", "2", "n", "enter"), "Lansera en behörighet"),
            ("catalogue-end", ("down", "2", "down", "delete", " 2024-03-01", "f8"), "De som mister"),
        )
    ),
    Scene("own", keys("down", seen="Mina behörigheter<"), hsa_id=ANNA_ANDERSSON.hsa_id),
    Scene("search", keys(" son sundsvall", seen="personer"), SMALL, hsa_id=HELENA_WIKSTROM.hsa_id),
    Scene(
        "card",
        keys(f" {ANNA_ANDERSSON.hsa_id}", "enter", "down", seen="Anna Andersson, "),
        SMALL,
        hsa_id=HELENA_WIKSTROM.hsa_id,
    ),
    Scene("users", keys("down", seen="40 användare"), SMALL),
    Scene("support", keys("4", "down", seen="(du)"), SMALL),
    Scene("answer", keys("f3", " siths", "enter", "end", seen="Esc Rubriker"), SMALL),
    Scene("permissions", keys(*MATRIX, seen="Namn"), SMALL),
    Scene("person", keys("2", "down", "enter", "down", seen="Vårdinsatser"), SMALL),
    Scene("form-new", keys("n", seen="Ny användare"), SMALL),
    Scene("review", keys("2", "g", "down", "g", "f8", seen="Granska"), SMALL),
    Scene("help", keys("f1", seen="Hjälp"), SMALL),
    Scene("news", keys("3", "down", seen="driftstörning"), SMALL),
    Scene("announcement", keys("3", "enter", seen="Rubrik:"), SMALL),
    *(
        Scene(f"{room}-{theme}", keys(*walk, seen=seen), (USUAL[0],), theme)
        for theme in ("light", "contrast", "terminal")
        for room, walk, seen in (
            ("users", ("d", "down", "space"), "1 markerad"),
            ("permissions", STAGED, "ej skrivna"),
        )
    ),
    *(
        Scene(f"english-{name}", keys(*walk, seen=seen), (USUAL[0],), hsa_id=who, language="en")
        for name, who, walk, seen in (
            ("users", EVA_EK.hsa_id, ("d", "down", "down"), "Has: "),
            ("permissions", EVA_EK.hsa_id, STAGED, "not written"),
            ("review", EVA_EK.hsa_id, (*STAGED, "1", *NEWCOMER, "f8", "f8"), "[ Write "),
            ("form", EVA_EK.hsa_id, ("n", " SE0000000000-1337", "enter", " =cmd|", "f8"), "wrong"),
            ("write", EVA_EK.hsa_id, ("5", "down", "enter"), "When"),
            ("announcement", EVA_EK.hsa_id, ("3", "enter"), "State:"),
            ("help", EVA_EK.hsa_id, ("f1",), "Help"),
            ("answer", EVA_EK.hsa_id, ("f3", " siths", "enter", "end"), "Esc Headings"),
            (
                "card",
                HELENA_WIKSTROM.hsa_id,
                (f" {ANNA_ANDERSSON.hsa_id}", "enter", "down"),
                "Anna Andersson, user",
            ),
        )
    ),
)


# Drawing ------------------------------------------------------------------------------------------


async def draw(
    scene: Scene, demo: Path, folder: Path, others: dict[str, str] | None = None
) -> dict[str, str]:
    """Give the pictures of a scene by file name; ``demo`` is copied into ``folder``.

    With ``others``, a scene in the usual colours leaves there its first picture in each other theme of
    colours, by the theme's name, from the same run.
    """
    drawn = {}
    for (columns, rows), name in zip(scene.sizes, scene.files(), strict=True):
        place = folder / name
        place.mkdir()
        house = House(place, demo, clock=lambda: DEMO_MORNING.astimezone(UTC))
        house.demo = True
        # Where a letter lies is another folder in every run.
        house.keeps_letters = False
        if scene.hsa_id == EMPTY_PERSON:
            await _settle_empty_place(house)
        use_language(scene.language)
        try:
            is_wanted = scene.theme == "dark" and name == scene.files()[0]
            drawn[name] = await _draw_one(scene, house, columns, rows, others if is_wanted else None)
        finally:
            use_language(LANGUAGES[0])
    return drawn


async def _draw_one(
    scene: Scene, house: House, columns: int, rows: int, others: dict[str, str] | None
) -> str:
    async def connect() -> Session:
        if scene.shut:
            await asyncio.Event().wait()
        return await house.connect(scene.hsa_id)

    chosen = Choice(scene.profile, {}, (DEMO_MORNING - timedelta(days=2)).astimezone(UTC).isoformat())
    app = Behorig(connect, theme=scene.theme, wishes=Wishes(None, chosen))
    async with app.run_test(size=(columns, rows)) as pilot:
        visit = Visit(app, pilot, house)
        if not scene.shut:
            await visit.until(lambda: app.is_open and not app.holds("down"), "the people")
            await visit.settled()
        await scene.walk(visit)
        if not scene.shut:
            await visit.settled()
        picture = plain(app.export_screenshot(title="behorig", simplify=True))
        if others is not None:
            for theme in OTHER_THEMES:
                app.theme = theme
                await pilot.pause()
                others[theme] = app.export_screenshot()
        if app.follower is not None:
            # Many programs are drawn in one loop, and each would go on following.
            await app.follower.end()
        return picture


async def _settle_empty_place(house: House) -> None:
    """Give a municipality that nobody has begun in its first administrator, and no agreement."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, INSTALLATION, house.clock, counted("settled"))
        first = register("first", "Tove", "Lindgren", "tove@are.example", EMPTY_PERSON)
        await build.write(service, EMPTY_PLACE, [first, c.AppointAdministrator(account_id=Id("first"))])
    finally:
        await storage.close()


_FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_CLIPS = re.compile(r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\s*', re.DOTALL)
_UNIQUE = re.compile(r"terminal-\d+")
_TEXT = re.compile(r'<text class="(t-r\d+)" x="([\d.]+)" y="([\d.]+)" textLength="[^"]*"[^>]*>([^<]*)</text>')
_RECTS = re.compile(
    r'(?:<rect fill="#[0-9a-f]{6}" x="[\d.]+" y="[\d.]+"[^>]*shape-rendering="crispEdges"/>)+'
)
_RECT = re.compile(r'fill="(#[0-9a-f]{6})" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"')
_PIECE = re.compile(r"─+|[^ ─](?:[^ ─]| (?![ ─]))*")
_CELL = 12.2
FONTS = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'


def plain(picture: str) -> str:
    """Take out of an SVG what loads from elsewhere, what differs by chance, and what adds nothing."""
    for pattern, instead in ((_FONT_FACES, ""), (_CLIPS, ""), (_UNIQUE, "t")):
        picture = pattern.sub(instead, picture)
    picture = picture.replace("font-family: Fira Code, monospace;", f"font-family: {FONTS};")
    picture = picture.replace("font-family: arial;", "font-family: sans-serif;")
    picture = _RECTS.sub(_merged, _TEXT.sub(_in_pieces, picture))
    return "\n".join(line.strip() for line in picture.splitlines() if line.strip()) + "\n"


def _in_pieces(found: re.Match[str]) -> str:
    """Draw a text in pieces that hold no run of blanks: every viewer then keeps the columns."""
    style, x, y, text = found.groups()
    text = unescape(text).replace("\N{NO-BREAK SPACE}", " ")
    pieces = []
    for piece in _PIECE.finditer(text):
        left = float(x) + cell_len(text[: piece.start()]) * _CELL
        width = cell_len(piece[0]) * _CELL
        drawn = escape(piece[0]).replace(" ", "&#160;")
        pieces.append(f'<text class="{style}" x="{left:g}" y="{y}" textLength="{width:g}">{drawn}</text>')
    return "".join(pieces)


def _merged(found: re.Match[str]) -> str:
    """Draw neighbours of one colour as one."""
    merged: list[tuple[str, float, str, float, str]] = []
    for fill, x, y, width, height in _RECT.findall(found[0]):
        last = merged[-1] if merged else None
        if last is not None and (last[0], last[2]) == (fill, y) and abs(last[1] + last[3] - float(x)) < 0.1:
            merged[-1] = (fill, last[1], y, last[3] + float(width), height)
        else:
            merged.append((fill, float(x), y, float(width), height))
    sharp = 'shape-rendering="crispEdges"'
    return "".join(
        f'<rect fill="{fill}" x="{x:g}" y="{y}" width="{width:g}" height="{height}" {sharp}/>'
        for fill, x, y, width, height in merged
    )


def wanted_files() -> set[str]:
    """Give the names of all pictures."""
    return {name for scene in SCENES for name in scene.files()}


async def draw_all(names: Sequence[str]) -> int:
    """Draw the scenes named, or all, and write those that differ; take away what no scene makes.

    Answers how many were written or taken away.
    """
    written = 0
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo.sqlite"
        await make_demo(demo)
        for place, scene in enumerate(SCENES):
            if names and scene.name not in names:
                continue
            own = Path(folder) / str(place)
            own.mkdir()
            for name, picture in (await draw(scene, demo, own)).items():
                path = FOLDER / name
                if not path.exists() or path.read_text(encoding="utf-8") != picture:
                    path.write_text(picture, encoding="utf-8")
                    written += 1
    for path in FOLDER.glob("*.svg"):
        if path.name not in wanted_files():
            path.unlink()
            written += 1
    return written


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    print(f"{asyncio.run(draw_all(sys.argv[1:]))} of {len(wanted_files())} pictures are new or gone.")

"""The pictures in `screenshots/` show what the program draws, and there is none that no scene makes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contrast import measured
from tests.demo import built_demo
from tests.screens.seen import lines_of
from tests.screenshots import FOLDER, SCENES, Scene, draw, plain, wanted_files
from tui import themes
from tui.app import SETTING_NAMES

LARGEST = 80_000
"""Bytes of one picture."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database, for copying only."""
    return built_demo(tmp_path_factory)


def _name(scene: Scene) -> str:
    return "-".join([scene.name, *(f"{columns}x{rows}" for columns, rows in scene.sizes)])


def _text(picture: str) -> list[str]:
    """Give what a picture shows as lines, for the message of a failure."""
    return lines_of(picture, 120, 40)


@pytest.mark.parametrize("scene", SCENES, ids=_name)
async def test_each_picture_shows_what_the_program_draws(
    scene: Scene, demo: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    others: dict[str, str] = {}
    pictures = await draw(scene, demo, tmp_path, others)
    for name, drawn in pictures.items():
        path = FOLDER / name
        assert path.exists(), f"{name} is missing: run make screenshots"
        kept = path.read_text(encoding="utf-8")
        if kept != drawn:
            differing = difflib.unified_diff(_text(kept), _text(drawn), "kept", "drawn", lineterm="", n=1)
            pytest.fail(f"{name} shows something else: run make screenshots\n" + "\n".join(differing))
    # One run shows a scene in all colours, so the contrasts are measured here.
    found = [each for theme, other in others.items() for each in measured(other, scene.files()[0], theme)]
    theme = SETTING_NAMES.get(scene.theme, scene.theme)
    if theme != themes.TERMINAL:
        found += [each for name, drawn in pictures.items() for each in measured(drawn, name, theme)]
    for each in found:
        record_property(f"contrast {each.theme}", (each.ratio, each.least, str(each)))
    assert [str(each) for each in found if each.ratio < each.least] == []


def test_there_is_no_picture_that_no_scene_makes() -> None:
    assert {path.name for path in FOLDER.iterdir()} == wanted_files()
    assert len(wanted_files()) == sum(len(scene.files()) for scene in SCENES)


def test_no_picture_loads_anything_from_elsewhere_or_is_large() -> None:
    for path in FOLDER.glob("*.svg"):
        picture = path.read_text(encoding="utf-8")
        assert "url(http" not in picture
        assert set(re.findall(r"https?://[^\s\"']+", picture)) <= {
            "http://www.w3.org/2000/svg",
            "https://www.textualize.io",
        }
        assert len(picture.encode()) < LARGEST, path.name


def test_drawing_keeps_every_character_in_its_cell() -> None:
    raw = (
        '<text class="terminal-1-r1" x="0" y="20" textLength="97.6" clip-path="url(#terminal-1-line-0)">'
        "&#160;&#160;a&#160;b&#160;&#160;&lt;漢</text>"
    )
    drawn = plain(raw)
    assert "clip-path" not in drawn
    assert lines_of(drawn, 10, 1) == ["  a b  <漢"]
    assert drawn.count("<text") == 2

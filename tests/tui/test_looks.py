"""How the program looks: what is named goes before what was chosen, and that before the profile."""

from dataclasses import fields
from pathlib import Path

from core.preferences import Profile, Switches
from tui.looks import (
    FULL,
    HIGH_CONTRAST,
    MAGNIFIER,
    PLAIN,
    PLAIN_COLOUR,
    PRESETS,
    PROFILE_NAMES,
    SCREEN_READER,
    STANDARD,
    SWITCH_NAMES,
    Choice,
    resolve,
    switched,
    theme_of,
    words_of,
)
from tui.settings import PROFILES, SWITCHES, Settings, read_settings
from tui.wishes import LooksFile


def named(flags: dict[str, str] | None = None, **environment: str) -> Settings:
    return read_settings(flags or {}, {"BEHORIG_CONFIG": "", "XDG_CONFIG_HOME": "/nowhere", **environment})


def test_settings_storage_and_screen_know_the_same_profiles_and_switches() -> None:
    assert tuple(PROFILE_NAMES) == tuple(PRESETS) == PROFILES == tuple(Profile)
    assert set(SWITCH_NAMES) == set(Switches.__struct_fields__) == set(SWITCHES) - {"follow"}
    assert set(SWITCH_NAMES) <= {each.name for each in fields(PRESETS[STANDARD])}
    for name, looks in PRESETS.items():
        assert looks.profile == name


def test_a_flag_goes_before_the_environment_and_that_before_what_was_chosen() -> None:
    chosen = Choice(MAGNIFIER, {"borders": "on", "glyphs": PLAIN}, "2026-10-02T08:00:00+00:00")
    assert resolve(None, None) == PRESETS[STANDARD]
    own = resolve(named(), chosen)
    assert (own.profile, own.borders, own.glyphs, own.origin) == (MAGNIFIER, True, PLAIN, "")
    assert own.chosen_on == "2026-10-02T08:00:00+00:00"
    by_environment = resolve(named(BEHORIG_PROFILE=SCREEN_READER, BEHORIG_TOASTS="true"), chosen)
    assert (by_environment.profile, by_environment.origin) == (SCREEN_READER, "BEHORIG_PROFILE")
    # What was switched to mend the one profile says nothing of the other; what is named holds for any.
    assert (by_environment.borders, by_environment.toasts) == (False, True)
    by_flag = resolve(named({"profile": HIGH_CONTRAST}, BEHORIG_PROFILE=SCREEN_READER), chosen)
    assert (by_flag.profile, by_flag.origin) == (HIGH_CONTRAST, "--profile")


def test_what_a_later_program_chose_is_as_if_nothing_was() -> None:
    assert resolve(named(), Choice("hologram", {"borders": "off"}, "x")) == PRESETS[STANDARD]
    later = Choice(STANDARD, {"smell": "on", "borders": "sometimes", "cursor": "off", "glyphs": "runes"}, "x")
    looks = resolve(named(), later)
    assert (looks.cursor, looks.borders, looks.glyphs) == (False, True, FULL)


def test_every_switch_is_kept_where_it_differs_from_the_profile_and_nowhere_else() -> None:
    for profile, preset in PRESETS.items():
        assert words_of(preset) == {}
        for switch in SWITCH_NAMES:
            other = switched(preset, switch)
            assert other.is_on(switch) is not preset.is_on(switch)
            assert list(words_of(other)) == [switch]
            assert words_of(resolve(named(), Choice(profile, words_of(other), ""))) == words_of(other)
            assert switched(other, switch) == preset


def test_a_profile_brings_its_colours_and_a_named_theme_goes_before_them() -> None:
    assert theme_of(PRESETS[HIGH_CONTRAST], None) == "contrast"
    assert theme_of(PRESETS[PLAIN_COLOUR], None) == "terminal"
    assert theme_of(PRESETS[STANDARD], None) is None
    assert theme_of(PRESETS[HIGH_CONTRAST], "light") == "light"


def test_a_choice_is_kept_for_each_person_and_a_spoilt_file_is_none(tmp_path: Path) -> None:
    eva = LooksFile(tmp_path / "state", "sqlite.db", "SE5565594230-1337")
    assert (eva.was_asked, eva.read()) == (False, None)
    choice = Choice(SCREEN_READER, {"toasts": "on"}, "2026-10-02T08:00:00+00:00")
    eva.keep(choice)
    assert (eva.was_asked, eva.read()) == (True, choice)
    assert LooksFile(tmp_path / "state", "sqlite.db", "se5565594230-1337").read() == choice
    other = LooksFile(tmp_path / "state", "sqlite.db", "SE5565594230-YJ54")
    assert other.read() is None
    other.keep(Choice(MAGNIFIER, {}, ""))
    assert eva.read() == choice
    kept = list((tmp_path / "state" / "looks").iterdir())
    assert len(kept) == 2
    for each in kept:
        assert "1337" not in f"{each.name}{each.read_text(encoding='utf-8')}"
        for spoilt in (b"", b"\n\n", b"\xff\xfe", b"profile"):
            each.write_bytes(spoilt)
            assert LooksFile(tmp_path / "state", "sqlite.db", "SE5565594230-1337").read() in (None, choice)
        each.unlink()
        each.mkdir()
    eva.keep(choice)  # it cannot be written there: the storage has it
    assert eva.read() is None

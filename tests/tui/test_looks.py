"""How the program looks: what is named goes before what was chosen, and that before the profile."""

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
from tui.wishes import LooksFile, Wishes


def named(flags: dict[str, str] | None = None, **environment: str) -> Settings:
    return read_settings(flags or {}, {"BEHORIG_CONFIG": "", "XDG_CONFIG_HOME": "/nowhere", **environment})


def test_settings_storage_and_screen_know_the_same_profiles_and_switches() -> None:
    assert tuple(PROFILE_NAMES) == tuple(PRESETS) == PROFILES == tuple(Profile)
    assert set(SWITCH_NAMES) == set(Switches.__struct_fields__) == set(SWITCHES) - {"follow"}
    assert set(SWITCH_NAMES) <= set(PRESETS[STANDARD].__struct_fields__)
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


def test_what_tells_of_somebodys_sight_is_read_by_nobody_else(tmp_path: Path) -> None:
    eva = LooksFile(tmp_path / "state", "sqlite.db", "SE5565594230-1337")
    eva.keep(Choice(SCREEN_READER, {}, ""))
    (kept,) = (tmp_path / "state" / "looks").iterdir()
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    # An earlier program made them as everything else is made.
    kept.chmod(0o644)
    kept.parent.chmod(0o755)
    assert eva.read() is not None
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    kept.parent.chmod(0o755)
    eva.keep(Choice(MAGNIFIER, {}, ""))
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_no_file_is_anybodys_before_it_is_known_who_signs_in(tmp_path: Path) -> None:
    state, server, choice = tmp_path / "state", "https://behorig.example", Choice(SCREEN_READER, {}, "x")
    nobody = LooksFile(state, server)
    assert (nobody.keep(choice), nobody.read(), nobody.was_asked) == (False, None, False)
    wishes = Wishes(None, choice, nobody)

    def of(hsa_id: str) -> Choice | None:
        wishes.belong_to(hsa_id)
        return wishes.choice

    assert of("SE5565594230-1337") is None  # it was not asked for here, so it is somebody else's
    assert wishes.take(choice)
    assert of("se5565594230-1337") == choice
    assert of("SE5565594230-YJ54") is None
    assert of("SE5565594230-1337") == choice
    new = Wishes(None, choice, LooksFile(state, server), is_new=True)
    new.belong_to("SE5565594230-YJ54")
    assert new.choice == LooksFile(state, server, "SE5565594230-YJ54").read() == choice


def test_what_settings_say_is_not_kept_as_ones_own_and_they_are_told_to_decide() -> None:
    settings = named({"profile": HIGH_CONTRAST}, BEHORIG_TOASTS="false", BEHORIG_CURSOR="false")
    wishes = Wishes(settings, Choice(MAGNIFIER, {"borders": "on"}, "x"))
    looks = switched(wishes.looks, "live_detail")
    assert wishes.choice_of(looks, "live_detail", "y") == Choice(
        MAGNIFIER, {"borders": "on", "live_detail": "off"}, "y"
    )
    assert wishes.decided_by(looks, "live_detail") == "--profile"
    assert wishes.decided_by(switched(wishes.looks, "toasts"), "toasts") == "BEHORIG_TOASTS"
    assert wishes.choice_of(PRESETS[SCREEN_READER], "", "y") == Choice(SCREEN_READER, {}, "y")
    assert wishes.decided_by(PRESETS[SCREEN_READER], "") == "--profile"
    # The setting says the same, or there is none.
    assert wishes.decided_by(PRESETS[HIGH_CONTRAST], "") == ""
    free = Wishes(named(BEHORIG_TOASTS="false"), None)
    looks = switched(free.looks, "borders")
    free.choice = free.choice_of(looks, "borders", "y")
    assert free.choice == Choice(STANDARD, {"borders": "off"}, "y")
    assert free.decided_by(looks, "borders") == ""

"""Drafts on disk: nothing staged is lost by a kill, a broken file, a second window or a full disk."""

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import msgspec
import pytest

from core.draft import CellEdit, Draft
from core.identity import Note
from core.ports import DraftStore, StorageError
from storage.files.drafts import BETWEEN, FileDrafts, folder_of, forget_drafts

URL = "sqlite:////srv/behorig.sqlite"
ROOT = Path(__file__).parents[2]


def open_drafts(folder: Path, actor_id: str = "eva", organisation_id: str = "kommun-2281") -> FileDrafts:
    return FileDrafts(folder, URL, actor_id, organisation_id)


def draft_of(count: int, actor_id: str = "eva") -> Draft:
    edits = [
        CellEdit(f"account-{number}", "asyl-forskola", wanted=True, seen=False) for number in range(count)
    ]
    blank = Draft(organisation_id="kommun-2281", actor_id=actor_id, note=Note("ärende 2024-114"))
    return blank.with_cells(edits)


def files(folder: Path, ending: str) -> list[Path]:
    return sorted(folder_of(folder, URL).glob(f"*.{ending}"))


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    first = open_drafts(tmp_path)
    store: DraftStore = first
    assert store.load() is None
    store.save(draft_of(3))
    store.save(draft_of(4))
    assert store.load() == draft_of(4)
    first.close()
    again = open_drafts(tmp_path)
    assert again.load() == draft_of(4)
    assert again.set_aside is None
    again.drop()
    assert again.load() is None
    again.close()
    assert open_drafts(tmp_path).load() is None


def test_nobody_else_can_read_a_draft_or_tell_whose_it_is(tmp_path: Path) -> None:
    folder_of(tmp_path, URL).mkdir(mode=0o755)
    store = open_drafts(tmp_path, "eva-ek")
    store.save(draft_of(1, "eva-ek"))
    store.close()
    assert stat.S_IMODE(folder_of(tmp_path, URL).stat().st_mode) == 0o700
    for path in folder_of(tmp_path, URL).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "eva" not in path.name
        assert "2281" not in str(path.relative_to(tmp_path))


def test_each_person_organisation_and_storage_has_drafts_of_its_own(tmp_path: Path) -> None:
    one = open_drafts(tmp_path)
    one.save(draft_of(1))
    assert open_drafts(tmp_path, actor_id="karin").load() is None
    assert open_drafts(tmp_path, organisation_id="kommun-2403").load() is None
    assert FileDrafts(tmp_path, "sqlite:////srv/other.sqlite", "eva", "kommun-2281").load() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"format":1,"storage":',
        b"\x00\xff",
        b"[]",
        b'{"format":1}',
        msgspec.json.encode({"format": 2, "storage": URL, "draft": {"what": "is this"}}),
        msgspec.json.encode({"format": 1, "storage": URL, "draft": {"organisation_id": "kommun-2281"}}),
    ],
)
def test_a_file_that_cannot_be_read_or_is_newer_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    first = open_drafts(tmp_path)
    first.save(draft_of(1))
    first.close()
    files(tmp_path, "safe")[0].unlink()
    files(tmp_path, "json")[0].write_bytes(content)
    for number in (1, 2):
        store = open_drafts(tmp_path)
        assert store.load() is None
        assert store.set_aside is not None
        assert store.set_aside.suffix == f".broken-{number}"
        assert store.set_aside.read_bytes() == content
        store.close()
        files(tmp_path, "lock")[0].with_suffix(".json").write_bytes(content)


@pytest.mark.parametrize(
    "other",
    [
        Draft(organisation_id="kommun-2281", actor_id="somebody-else"),
        Draft(organisation_id="kommun-0180", actor_id="eva"),
    ],
)
def test_a_draft_of_somebody_else_under_our_name_is_set_aside(tmp_path: Path, other: Draft) -> None:
    first = open_drafts(tmp_path)
    first.save(draft_of(1))
    first.close()
    files(tmp_path, "safe")[0].unlink()
    kept = msgspec.json.encode({"format": 1, "storage": URL, "draft": msgspec.to_builtins(other)})
    files(tmp_path, "json")[0].write_bytes(kept)
    store = open_drafts(tmp_path)
    assert store.load() is None
    assert store.set_aside is not None


def test_after_a_power_cut_the_last_draft_that_was_surely_on_disk_comes_back(tmp_path: Path) -> None:
    first = open_drafts(tmp_path)
    first.save(draft_of(5))
    first.close()  # settled
    # What some file systems leave of a file that was renamed but never settled.
    unsettled = files(tmp_path, "json")[0]
    unsettled.unlink()
    unsettled.write_bytes(b"")
    store = open_drafts(tmp_path)
    assert store.load() == draft_of(5)
    assert store.set_aside is not None
    assert store.load() == draft_of(5)


def test_closing_leaves_a_settled_draft_and_no_half_files(tmp_path: Path) -> None:
    store = open_drafts(tmp_path)
    for count in range(1, 40):
        store.save(draft_of(count))
    store.close()
    names = {path.suffix for path in folder_of(tmp_path, URL).iterdir()}
    assert names == {".json", ".safe", ".lock"}
    assert files(tmp_path, "safe")[0].read_bytes() == files(tmp_path, "json")[0].read_bytes()


def test_many_changes_are_settled_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[int] = []
    real = os.fsync

    def counted(file: int) -> None:
        settled.append(file)
        real(file)

    monkeypatch.setattr(os, "fsync", counted)
    drafts = open_drafts(tmp_path)
    began = time.monotonic()
    for _ in range(30):
        drafts.save(draft_of(1))
        time.sleep(0.01)
    took = time.monotonic() - began
    drafts.close()
    # The file and its folder each time: once at first, once at the end, and now and then between.
    assert 2 <= len(settled) <= 2 * (2 + took / BETWEEN)


def test_a_dropped_draft_does_not_come_back_from_a_late_settling(tmp_path: Path) -> None:
    for count in range(1, 30):
        store = open_drafts(tmp_path)
        store.save(draft_of(count))
        store.drop()
        store.close()
        assert files(tmp_path, "json") == files(tmp_path, "safe") == []


KILLED = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from tests.storage_files.test_drafts import draft_of, open_drafts
    store = open_drafts(Path(sys.argv[1]))
    count = 0
    while True:
        count += 1
        store.save(draft_of(count % 200 + 1))
        print(count % 200 + 1, flush=True)
    """
)


@pytest.mark.parametrize("attempt", range(5))
def test_a_killed_process_leaves_the_draft_of_its_last_change(tmp_path: Path, attempt: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20 + 37 * attempt)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    last = int([line for line in said if line.endswith("\n")][-1])
    store = open_drafts(tmp_path)
    found = store.load()
    store.close()
    assert store.set_aside is None
    assert found is not None
    # The kill may come between a save and the line about it.
    assert found.count in (last, last % 200 + 1)


def test_a_second_window_gets_a_draft_of_its_own_and_overwrites_nothing(tmp_path: Path) -> None:
    first, second = open_drafts(tmp_path), open_drafts(tmp_path)
    assert (first.elsewhere, second.elsewhere) == (False, False)
    first.save(draft_of(2))
    assert (first.elsewhere, second.elsewhere) == (False, True)
    assert second.load() is None
    second.save(draft_of(7))
    assert first.load() == draft_of(2)
    assert second.load() == draft_of(7)
    second.drop()
    assert first.load() == draft_of(2)


def test_what_any_ended_window_left_is_found_by_the_next(tmp_path: Path) -> None:
    first, second = open_drafts(tmp_path), open_drafts(tmp_path)
    second.save(draft_of(7))
    second.close()
    # The first still runs and has nothing staged: the draft of the second is not left behind.
    third = open_drafts(tmp_path)
    assert third.load() == draft_of(7)
    third.close()
    first.close()
    fourth = open_drafts(tmp_path)
    assert fourth.load() == draft_of(7)


def test_the_draft_of_a_window_behind_a_dead_line_can_be_taken_over(tmp_path: Path) -> None:
    dead, here = open_drafts(tmp_path), open_drafts(tmp_path)
    dead.save(draft_of(6))
    assert here.take_over() == draft_of(6)
    assert here.load() == draft_of(6)
    assert not here.elsewhere
    # It was alive after all: what it has in memory goes to its own place.
    dead.save(draft_of(8))
    assert here.load() == draft_of(6)
    assert dead.load() == draft_of(8)
    dead.close()
    here.close()


def test_nothing_is_taken_over_on_top_of_a_draft_or_from_nobody(tmp_path: Path) -> None:
    first, second = open_drafts(tmp_path), open_drafts(tmp_path)
    assert second.take_over() is None
    first.save(draft_of(1))
    second.save(draft_of(2))
    assert second.take_over() is None
    assert (first.load(), second.load()) == (draft_of(1), draft_of(2))


def test_forgetting_a_storage_leaves_the_drafts_of_others(tmp_path: Path) -> None:
    store = open_drafts(tmp_path)
    store.save(draft_of(1))
    store.close()
    other = FileDrafts(tmp_path, "sqlite:////srv/other.sqlite", "eva", "kommun-2281")
    other.save(draft_of(2))
    forget_drafts(tmp_path, URL)
    forget_drafts(tmp_path, URL)
    assert open_drafts(tmp_path).load() is None
    assert other.load() == draft_of(2)
    other.close()


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "draft_full"), (errno.EROFS, "draft_read_only"), (errno.EIO, "draft_failed")],
)
def test_a_failing_disk_is_told_and_the_former_draft_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    store = open_drafts(tmp_path)
    store.save(draft_of(1))
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", _failing(number))
        with pytest.raises(StorageError) as caught:
            store.save(draft_of(2))
    assert caught.value.refusal.code == code
    assert caught.value.refusal.params["folder"] == str(folder_of(tmp_path, URL))
    assert store.load() == draft_of(1)
    store.save(draft_of(3))
    assert store.load() == draft_of(3)
    store.close()


def test_a_disk_that_fails_while_settling_is_told_at_the_next_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_drafts(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _failing(errno.EIO))
        with pytest.raises(StorageError) as caught:
            save_for_a_while(store)
    assert caught.value.refusal.code == "draft_failed"
    store.save(draft_of(3))
    assert store.load() == draft_of(3)
    store.close()


def test_a_file_system_without_second_names_keeps_drafts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    store = open_drafts(tmp_path)
    store.save(draft_of(4))
    store.close()
    assert files(tmp_path, "safe") == []
    assert open_drafts(tmp_path).load() == draft_of(4)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        open_drafts(tmp_path / "file" / "drafts")
    assert caught.value.refusal.code == "draft_failed"


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    store = open_drafts(tmp_path)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    store.save(draft_of(1))
    files(tmp_path, "json")[0].with_suffix(".new").symlink_to(victim)
    with pytest.raises(StorageError):
        store.save(draft_of(2))
    assert victim.read_text() == "precious"
    store.close()


def save_for_a_while(store: FileDrafts) -> None:
    for count in range(1, 2000):
        store.save(draft_of(count % 5))
        time.sleep(0.001)


def _failing(number: int):  # type: ignore[no-untyped-def]  # stands in for functions of any signature
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail

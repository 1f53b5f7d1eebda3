"""Signing in: the demo's clock, drafts that are found again, and what is said first."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.changes import Receipt, Revoke
from core.directory import AUTHORITY
from core.draft import CellEdit, Draft
from core.identity import Id
from core.queries import Accounts, AccountsByKey
from storage.seed.cast import DEMO_DAY, DEMO_MORNING, EVA_EK, HELENA_WIKSTROM, SUNDSVALL
from tests.builders import announce, content
from tui.assemble.databases import make_real, person, remake_demo
from tui.assemble.session import connect
from tui.session import ChooseOrganisation, Session, StartError
from tui.settings import Settings


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a demo of one's own, and a place for drafts."""
    monkeypatch.setenv("BEHORIG_STATE", str(tmp_path / "state"))
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    return path


def settings(storage: Path | str, hsa_id: str = EVA_EK.hsa_id, organisation: str | None = None) -> Settings:
    return Settings(storage=str(storage), hsa_id=hsa_id, organisation=organisation)


@asynccontextmanager
async def session_on(storage: Path | str, hsa_id: str = EVA_EK.hsa_id) -> AsyncGenerator[Session]:
    session = await connect(settings(storage, hsa_id))
    try:
        yield session
    finally:
        await session.close()


def draft_of(session: Session, count: int = 1) -> Draft:
    account = session.membership.account
    blank = Draft(organisation_id=account.organisation_id, actor_id=account.id)
    return blank.with_cells(
        CellEdit(f"somebody-{number}", "asyl-forskola", wanted=True, seen=False) for number in range(count)
    )


async def test_the_demo_begins_on_its_morning(demo: Path) -> None:
    async with session_on(demo) as session:
        assert session.demo
        assert timedelta(0) <= session.service.now() - DEMO_MORNING < timedelta(minutes=1)
        assert session.service.today() == DEMO_DAY
        assert session.notices == ()


async def test_the_demos_clock_never_goes_back_behind_what_was_written(demo: Path) -> None:
    async with session_on(demo) as session:
        service = session.service
        page = await service.ask(Accounts(day=DEMO_DAY, organisation_id=SUNDSVALL))
        row = next(row for row in page.rows if row.granted)
        change = Revoke(account_id=Id(row.account.id), permission_id=Id(min(row.granted)))
        receipt = await service.commit(service.changeset(SUNDSVALL, (change,)))
        assert isinstance(receipt, Receipt)
        written = service.now()
    async with session_on(demo) as session:
        assert session.service.now() > written
        assert session.service.today() == DEMO_DAY


async def test_what_support_published_is_published_for_the_next_person_of_the_demo_too(demo: Path) -> None:
    async with session_on(demo, HELENA_WIKSTROM.hsa_id) as session:
        service = session.service
        news = announce("ny-adress", content("Ny adress", at=service.now()))
        receipt = await service.commit(service.changeset(AUTHORITY, (news,)))
        assert isinstance(receipt, Receipt)
        written = service.now()
    async with session_on(demo) as session:
        assert session.service.now() > written


async def test_ids_are_new_each_time(demo: Path) -> None:
    async with session_on(demo) as session:
        ids = {session.service.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(Id(each) for each in ids)


async def test_a_real_database_has_the_real_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHORIG_STATE", str(tmp_path / "state"))
    path = await real_database(tmp_path)
    async with session_on(path, "SE5565594230-1337") as session:
        assert not session.demo
        assert session.service.now().year >= 2026


async def real_database(folder: Path) -> Path:
    from core.identity import EmailAddress, FamilyName, GivenName, HsaId

    path = folder / "real.sqlite"
    eva = person(
        hsa_id=HsaId("SE5565594230-1337"),
        given_name=GivenName("Eva"),
        family_name=FamilyName("Ek"),
        email=EmailAddress("eva@sundsvall.example"),
    )
    refusals = await make_real(path, organisation_id=SUNDSVALL, administrator=eva, support=None)
    assert refusals == ()
    return path


async def test_a_draft_is_found_again_however_the_storage_is_named(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session_on(demo) as session:
        wanted = draft_of(session)
        session.drafts.save(wanted)
    monkeypatch.chdir(demo.parent)
    for name in (demo.name, f"sqlite:///{demo.name}", f"sqlite:///{demo}", f"{demo.parent}/./{demo.name}"):
        async with session_on(name) as session:
            assert session.drafts.load() == wanted


async def test_a_second_window_is_told_of_the_first_and_can_take_its_draft(demo: Path) -> None:
    async with session_on(demo) as first:
        wanted = draft_of(first, 3)
        first.drafts.save(wanted)
        async with session_on(demo) as second:
            assert len(second.notices) == 1
            assert second.notices[0].startswith("Du är inloggad i ett annat fönster också")
            assert second.drafts.load() is None
            assert second.drafts.take_over() == wanted


async def test_a_draft_that_cannot_be_read_is_told_where_it_went(demo: Path, tmp_path: Path) -> None:
    async with session_on(demo) as session:
        session.drafts.save(draft_of(session))
    for path in (tmp_path / "state").rglob("*.safe"):
        path.unlink()
    for path in (tmp_path / "state").rglob("*.json"):
        path.write_bytes(b"{")
    async with session_on(demo) as session:
        (notice,) = session.notices
        assert ".broken-1" in notice
        assert session.drafts.load() is None


async def test_a_demo_made_anew_forgets_its_drafts(demo: Path) -> None:
    async with session_on(demo) as session:
        session.drafts.save(draft_of(session))
    await remake_demo(demo)
    async with session_on(demo) as session:
        assert session.drafts.load() is None
        query = AccountsByKey(day=DEMO_DAY, organisation_id=SUNDSVALL, account_ids=frozenset())
        assert await session.service.ask(query) == ()


async def test_no_place_for_drafts_is_told_before_anything_is_edited(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BEHORIG_STATE", str(tmp_path / "file"))
    with pytest.raises(StartError) as caught:
        await connect(settings(demo))
    assert caught.value.exit_code == 3
    assert "BEHORIG_STATE" in caught.value.sentence


async def test_several_accounts_are_a_question_and_a_sentence(demo: Path) -> None:
    with pytest.raises(ChooseOrganisation) as caught:
        await connect(settings(demo, "tstnmt2120002411-4k2m"))
    names = {each.organisation.name for each in caught.value.memberships}
    assert names == {"Sundsvalls kommun", "Bjurholms kommun"}
    assert "välj en med --organisation" in caught.value.sentence


def test_a_failed_start_leaves_no_thread_or_connection(demo: Path) -> None:
    import threading

    async def fail() -> None:
        with pytest.raises(StartError):
            await connect(settings(demo, "SE5565594230-1337"))

    before = set(threading.enumerate())
    asyncio.run(fail())
    assert set(threading.enumerate()) <= before
    assert not demo.with_name(f"{demo.name}-wal").exists()

"""Support's first room: one search box over the whole country, and whom it finds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events, work
from textual.containers import Horizontal
from textual.widgets import Input

from core.finding import is_found_now
from core.history import PermissionGranted, PermissionRevoked
from core.queries import MOST_FOLLOWED, AccountRow
from core.text import shown
from tui.actions import key_of
from tui.country import Country
from tui.follower import MOST_BESIDES
from tui.screens.bands import CountedLines, Line
from tui.screens.list_room import ListRoom
from tui.screens.people_room import NARROW
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.refusals import sentence
from tui.text.sentences import standing_text
from tui.widgets.columns import Column
from tui.widgets.field import Field
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from core.directory import Organisation
    from tui.follower import Batch


REST = 1.0
"""Seconds after the last letter until the organisations of what was found are followed."""


class CallerField(Field):
    """The search box: Down goes to the list, Enter opens the line that the list stands on, Esc empties it."""

    async def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "pagedown"):
            event.stop()
            event.prevent_default()
            self.screen.query_one(Table).focus()
        elif event.key == "escape":
            event.stop()
            event.prevent_default()
            self.value = ""


class SearchRoom(ListRoom):
    """Whom a search over the country finds, a line each."""

    NAME = "search"
    AUTO_FOCUS = "#search"

    DEFAULT_CSS = """
    SearchRoom #find { height: 1; padding: 0 1; }
    SearchRoom #find Input { width: 40; }
    SearchRoom #find_label { width: auto; margin-right: 1; }
    SearchRoom #find #count { margin-left: 2; }
    SearchRoom.-narrow #find Input { width: 14; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._country: Country | None = None
        self._following: asyncio.TimerHandle | None = None
        self._seen_write: tuple[str, str] | None = None

    def compose_work(self) -> ComposeResult:
        with Horizontal(id="find"):
            label = Line(id="find_label")
            label.left = _("Search:")
            label.styles.width = len(_("Search:"))
            yield label
            yield CallerField(id="search")
            yield Line(id="count")
        yield CountedLines(id="guess")
        yield self.list_of(self, "found", _("Opening …"))

    def heading_in_words(self) -> str:
        return _("Whom the search found")

    def usual_columns(self) -> Sequence[Column]:
        return (
            Column("name", _("Name"), 20, grow=2),
            Column("organisation", _("Organisation"), 17, grow=2),
            Column("hsa_id", _("HSA-id"), 21),
            Column("role", _("Role"), 14),
            Column("email", _("E-mail"), 24, grow=3),
        )

    def fit(self, width: int) -> None:
        self.set_class(width < NARROW, "-narrow")

    @property
    def country(self) -> Country:
        """What was found."""
        if self._country is None:
            self._country = Country(self.desk.service)
        return self._country

    def arrive(self) -> None:
        if self._country is None or self._seen_write != self.desk.last_write:
            self._seen_write = self.desk.last_write
            self.look()

    def on_input_changed(self, _event: Input.Changed) -> None:
        if self.behorig.is_open:
            self.look()

    @work(exclusive=True, group="people")
    async def look(self) -> None:
        """Look for what is written in the box; a newer letter gives an older search up."""
        await self.behorig.guarded(self.country.look_for(self.query_one("#search", Input).value))
        table = self.query_one(Table)
        table.set_empty_text(self._empty_text())
        table.model_changed(keep_key=False)
        if self.in_words:
            # Other rows begin at their beginning too, with who.
            table.move_cursor(column=0)
        self._tell_count()
        self.tell_row()
        self.behorig.people_are_seen()
        self._follow_found()

    def _follow_found(self) -> None:
        """Follow the organisations of what was found, once no more letters come."""
        if self._following is not None:
            self._following.cancel()
        follower = self.behorig.follower
        if follower is not None:
            # By the loop's own timer: one of Textual's is a task.
            self._following = asyncio.get_running_loop().call_later(
                REST, follower.follow_besides, self.country.organisation_ids
            )

    async def follow(self, batch: Batch) -> None:
        country = self.country
        touched = [each for each in country.organisation_ids if batch.is_about(each)]
        if not touched:
            return
        if _may_find_others(batch, touched):
            differs = await country.look_again()
        else:
            differs = await country.follow(touched[:MOST_FOLLOWED])
        if differs:
            self.table.set_empty_text(self._empty_text())
            self.table.model_changed()
            self._tell_count()
            self.tell_row()
            self._follow_found()

    def on_table_near_end(self, event: Table.NearEnd) -> None:
        if self.behorig.is_open and event.direction == "after":
            self.extend()

    @work(group="extend", exclusive=True)
    async def extend(self) -> None:
        """Read one page more."""
        if await self.behorig.guarded(self.country.extend()):
            self.query_one(Table).rows_added()
            self._tell_count()
            self._follow_found()

    # Telling --------------------------------------------------------------------------------

    def _empty_text(self) -> str:
        country = self.country
        if not country.search.strip():
            return _(
                "Write a part of the name, the HSA-id, the e-mail address or the organisation. Several words"
                " may stand in any order, dots are not needed."
            )
        fault = country.fault_of_id()
        nobody = _(
            "Nobody in the country matches “{search}”, nor with one typing error. {key} looks again.",
            search=country.search,
            key=key_of("search.reload"),
        )
        return nobody if fault is None else f"{nobody} {sentence(fault)}"

    def _tell_count(self) -> None:
        country = self.country
        guess = ""
        if country.is_guess:
            fault = country.fault_of_id()
            guess = (
                _("{hsa_id} is not registered. Nearest, one typing error away:", hsa_id=shown(country.search))
                if country.is_id
                else _("Nobody matches “{search}”. A guess, one typing error away:", search=country.search)
            )
            if fault is not None:
                guess += "\n" + sentence(fault)
        elif self.behorig.follows and len(country.organisation_ids) > MOST_BESIDES:
            guess = _(
                "Changes are followed in the first {count} organisations; {key} looks again.",
                count=MOST_BESIDES,
                key=key_of("search.reload"),
            )
        self.query_one("#guess", CountedLines).tell(guess)
        if not country.search.strip():
            text = ""
        elif country.is_guess:
            text = ngettext("{count} guess", "{count} guesses", len(country.rows))
        else:
            total = number_text(country.total)
            text = (
                _("more than {count}", count=total)
                if country.more
                else ngettext("{count} person", "{count} persons", country.total)
            )
        self.query_one("#count", Line).left = text

    @property
    def found(self) -> Organisation | AccountRow | None:
        """What the line under the cursor is about."""
        key = self.query_one(Table).cursor_key if self.behorig.is_open else None
        place = None if key is None else self.country.index_of(key)
        return None if place is None else self.country.at(place)

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    def tell_row(self) -> None:
        """Tell who the line under the cursor is."""
        found = self.found
        if found is None:
            self.tell("")
        elif isinstance(found, AccountRow):
            account, country = found.account, self.country
            text = _(
                "{name}, {role} in {organisation}. {hsa_id}, {email}. {key} opens the card.",
                key=key_of("search.card"),
                name=account.name,
                role=standing_text(found),
                organisation=found.organisation_name,
                hsa_id=account.hsa_id,
                email=account.email,
            )
            now = is_found_now(country.search, account, found.organisation_name, guessed=country.is_guess)
            self.tell(text if now else " ".join((_("Found by a former name."), text)))
        else:
            self.tell(
                _(
                    "The organisation. {key} shows its agreements and administrators.",
                    key=key_of("search.card"),
                )
            )

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many lines are read."""
        return 0 if self._country is None else self._country.count

    def row_key(self, index: int) -> str:
        """What tells a line from the others."""
        return self.country.key(index)

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return None if self._country is None else self._country.index_of(key)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a line."""
        found = self.country.at(index)
        if self.in_words:
            return self._in_words(found)
        if not isinstance(found, AccountRow):
            return (
                Cell(_("(organisation)"), "given"),
                Cell(shown(found.name), "given"),
                Cell(shown(found.number), "given"),
                Cell("", "given"),
                Cell("", "given"),
            )
        account = found.account
        role = "normal" if account.active else "muted"
        return (
            Cell(f"{account.family_name}, {account.given_name}", role),
            Cell(found.organisation_name, role),
            Cell(account.hsa_id, role),
            Cell(standing_text(found), role),
            Cell(account.email, role),
        )

    def _in_words(self, found: Organisation | AccountRow) -> Sequence[Cell]:
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        if not isinstance(found, AccountRow):
            organisation = (
                labelled(shown(found.name), _("organisation")),
                labelled(_("Organisation number"), shown(found.number)),
            )
            return line_cells(organisation[: 2 if found.number else 1], "given", self.table.columns)
        account = found.account
        parts = (
            labelled(f"{account.family_name}, {account.given_name}", standing_text(found)),
            labelled(_("Organisation"), found.organisation_name),
            labelled(_("HSA-id"), account.hsa_id),
            labelled(_("E-mail"), account.email),
        )
        return line_cells(parts, "normal" if account.active else "muted", self.table.columns)

    # Actions --------------------------------------------------------------------------------

    async def on_input_submitted(self) -> None:
        await self.action_do("search.card")

    async def on_table_activated(self) -> None:
        await self.entered("search.card")

    def do_card(self) -> None:
        """Open the card of the person, or the organisation."""
        found = self.found
        if isinstance(found, AccountRow):
            self.behorig.show_card(found.account.organisation_id, found.account.id)
        elif found is not None:
            self.behorig.show_organisation(found.id)

    def do_organisation(self) -> None:
        """Show the organisation of the line."""
        found = self.found
        if isinstance(found, AccountRow):
            self.behorig.show_organisation(found.account.organisation_id)
        else:
            self.do_card()

    def do_find(self) -> None:
        """Go to the search box."""
        self.query_one("#search", Input).focus()

    def do_again(self) -> None:
        """Begin a new search."""
        search = self.query_one("#search", Input)
        search.value = ""
        search.focus()

    def do_reload(self) -> None:
        """Look again."""
        self.look()

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if not reason and action_id in ("search.card", "search.organisation") and self.found is None:
            return _("the list is empty")
        return reason


def _may_find_others(batch: Batch, organisation_ids: Sequence[str]) -> bool:
    """Say whether somebody may be found, or be no more, after a write: not by permissions alone.

    To look again through the country costs a hundred times as much as to read some rows, and permissions
    are most of what is written.
    """
    writes = [each for each in batch.writes if each.organisation_id in organisation_ids]
    return (
        batch.is_whole
        or batch.left_out > 0
        or any(len(each.events) < each.event_count for each in writes)
        or not all(
            isinstance(event, PermissionGranted | PermissionRevoked)
            for each in writes
            for event in each.events
        )
    )

"""What the list of users and the matrix share: search, filters, order, marks, and loading."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import events, work
from textual.containers import Horizontal
from textual.widgets import Input

from tui.actions import key_of
from tui.screens.bands import CountedLines, FittingLine, Line
from tui.screens.room import Room
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.widgets.field import Field
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import date

    from textual.app import ComposeResult

    from core.draft import Draft
    from core.queries import AccountRow
    from tui.follower import Batch
    from tui.history import HistoryFilter
    from tui.people import People
    from tui.widgets.columns import Column
    from tui.widgets.rows import Cell, TableModel

SORT_NAMES = {
    "name": N_("Name"),
    "hsa_id": N_("HSA-id"),
    "email": N_("E-mail"),
    "permissions": N_("Number of permissions"),
}
"""What the orders of :class:`core.queries.SortBy` are called."""

# Marks beyond what one question and one write can carry would only be refused later.
MOST_MARKS = 20_000


NARROW = 60
"""Below this many columns a matrix is no use, and one person's permissions are shown as a list."""


NOT_OF_THE_PAST = frozenset(
    (
        *("users.register", "users.amend", "users.deregister", "users.detail"),
        *("permissions.toggle", "permissions.give", "permissions.take", "permissions.copy"),
        *("permissions.reset", "people.mark", "people.mark_all"),
    )
)
"""What cannot be done to a day that has been: edits, the marks they start from, and the pane of today."""


def past_words(day: date | None, *, narrow: bool) -> str:
    """Say that a day in the past is shown, ``""`` for today."""
    if day is None:
        return ""
    # Deferred: the first frame shows no person yet.
    from tui.text.dates import day as day_text

    if narrow:
        return _("PAST: {day}, only to read.", day=day_text(day))
    return _("PAST: as it was at the end of {day}, only to read. Esc shows today.", day=day_text(day))


class Rows:
    """The rows of a room's table: none until the storage is open, then those of ``inner``."""

    def __init__(self) -> None:
        self.inner: TableModel | None = None

    def row_count(self) -> int:
        """How many rows are loaded."""
        return 0 if self.inner is None else self.inner.row_count()

    def row_key(self, index: int) -> str:
        """The account's id."""
        if self.inner is None:
            raise IndexError(index)
        return self.inner.row_key(index)

    def index_of(self, key: str) -> int | None:
        """Where an account stands."""
        return None if self.inner is None else self.inner.index_of(key)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        if self.inner is None:
            raise IndexError(index)
        return self.inner.row(index)


class SearchField(Field):
    """The search box: Down and Enter go to the table, Esc empties it and goes there too."""

    async def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "enter", "escape", "pagedown"):
            event.stop()
            event.prevent_default()
            if event.key == "escape":
                self.value = ""
            self.screen.query_one(Table).focus()


class PeopleRoom(Room):
    """A room over the window of people. A subclass gives its columns, its model and its cells' story."""

    DEFAULT_CSS = """
    PeopleRoom #find { height: 1; padding: 0 1; }
    PeopleRoom #find Input { width: 24; }
    PeopleRoom #find_label { width: auto; margin-right: 1; }
    PeopleRoom #find #count { margin-left: 2; }
    PeopleRoom.-narrow #find Input { width: 10; }
    PeopleRoom.-narrow #find #count { margin-left: 1; }
    PeopleRoom #filters { display: none; }
    PeopleRoom.-filtered #filters { display: block; }
    PeopleRoom.-past #filters { text-style: reverse; }
    PeopleRoom.-past.-narrow #rooms { display: none; }
    """

    TELLS_ROW = True

    async def whole_told(self) -> str:
        told, row = await self.read_told(), self.row
        is_marked = row is not None and row.account.id in self.desk.marks
        return " ".join((told, _("Marked."))) if is_marked else told

    async def read_told(self) -> str:
        """Give what is told about the focus, without whether it is marked: that has a sign or a word."""
        return self.told

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self._seen_draft: Draft | None = None
        self._shown: tuple[object, ...] = ()

    def compose_find(self) -> ComposeResult:
        """Give the line with the search box, the filters and the count."""
        with Horizontal(id="find"):
            label = Line(id="find_label")
            label.left = _("Search:")
            label.styles.width = len(_("Search:"))
            yield label
            yield SearchField(id="search")
            yield FittingLine(id="count")
        yield CountedLines(id="filters")

    @property
    def people(self) -> People:
        """The window of people."""
        return self.behorig.people

    @property
    def row(self) -> AccountRow | None:
        """The row under the cursor."""
        return self.people.find(self.table.cursor_key) if self.behorig.is_open else None

    @abstractmethod
    def columns(self) -> Sequence[Column]:
        """Give the table's columns."""

    @abstractmethod
    def model(self) -> TableModel:
        """Give the table's model over the window."""

    @abstractmethod
    def tell_row(self) -> None:
        """Tell about what the cursor stands on."""

    # Arriving and loading -------------------------------------------------------------------

    def fit(self, width: int) -> None:
        self.set_class(width < NARROW, "-narrow")

    def arrive(self) -> None:
        # Asked for before the rows change: the person may be in none of them until they are read anew.
        place = self.behorig.place
        if self._seen_draft is not self.desk.draft:
            # Edited in another room, the review say, since this one was last in front.
            self.people.rebuild()
        self.show_people()
        search = self.query_one("#search", Input)
        if search.value and not self.people.loaded:
            # Typed before the storage was open: nothing typed is lost.
            self.people.search_for(search.value)
        if search.value != self.people.question.search:
            with search.prevent(Input.Changed):
                search.value = self.people.question.search
        self._go_to(place)
        if not self.people.loaded:
            self.load(place=place)

    def _go_to(self, place: str | None) -> None:
        """Put the cursor on a person, where there is one in the window."""
        index = self.people.index_of(place or "")
        if index is not None:
            self.table.move_cursor(row=index)

    def _note_place(self) -> None:
        """Remember the person under the cursor, for this room and the others.

        Done at once where the rows change: messages of an earlier move may still be on their way, and who
        asks for the place meanwhile would be led back.
        """
        key = self.table.cursor_key
        if key is not None and self.behorig.room is self:
            self.behorig.place = key

    def draft_changed(self) -> None:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.draft import changed_accounts

        draft = self.desk.draft
        seen, self._seen_draft = self._seen_draft, draft
        if seen is None or (draft.registrations, draft.returns) != (seen.registrations, seen.returns):
            self.people.rebuild()
            self.show_people()
            return
        # One toggled cell is one line to paint, however long the list.
        self.table.refresh_rows(changed_accounts(seen, draft))
        self.tell_row()

    def show_people(self, *, keep_key: bool = True) -> None:
        """Draw the window as it is now."""
        self._seen_draft = self.desk.draft
        self._shown = self._made_of()
        self.table.set_empty_text(self.empty_text())
        self.table.model_changed(keep_key=keep_key)
        self.tell_filters()
        self.tell_row()

    def could_not_read(self) -> None:
        self.table.set_empty_text(self.empty_text())
        self.tell_filters()

    def empty_text(self) -> str:
        """Say why there is nobody."""
        people = self.people
        away = self.behorig.not_read()
        if away and (not people.loaded or people.searched != people.question.search):
            return away
        if not people.loaded:
            return _("Reading …")
        question = people.question
        if people.as_of is not None and not people.is_filtered:
            return _("There were no users on that day. Esc shows today.")
        if question.search and people.is_narrowed:
            return _(
                "Nobody in the filter matches “{search}”. Esc takes away the search, then the filter.",
                search=question.search,
            )
        registers = any(each.id == "users.register" for each in self.own_actions)
        if question.search and registers:
            return _(
                "Nobody matches “{search}”. Esc shows everybody; {key} registers a new user.",
                key=key_of("users.register"),
                search=question.search,
            )
        if question.search:
            return _("Nobody matches “{search}”. Esc shows everybody.", search=question.search)
        if people.is_filtered:
            return _("Nobody passes the filter. Esc takes it away.")
        if registers:
            return _("There are no users yet. {key} registers the first one.", key=key_of("users.register"))
        return _("There are no users yet. {key} goes to where they are registered.", key=key_of("app.users"))

    @work(exclusive=True, group="people")
    async def load(self, *, last: bool = False, place: str | None = None) -> None:
        """Read the people anew; the cursor goes to the first or the last one, or to a person among them."""
        await self.guarded(self.people.load(last=last))
        self.show_people(keep_key=False)
        self.behorig.people_are_seen()
        if last:
            self.table.move_cursor(row=len(self.people.rows) - 1)
        else:
            self._go_to(place)
        self._note_place()

    @work(exclusive=True, group="people")
    async def reload(self) -> None:
        """Read again what is in view."""
        await self.guarded(self._reload())
        self.show_people()
        self._note_place()

    async def _reload(self) -> None:
        await self.desk.load()
        await self.desk.look_for_stale()
        await self.people.reload()

    async def follow(self, batch: Batch) -> None:
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.directory import AUTHORITY

        people, desk = self.people, self.desk
        is_about = batch.is_about(desk.organisation_id)
        if not people.loaded or not (is_about or batch.is_about(AUTHORITY)):
            return
        if is_about:
            await people.follow(self.table.cursor_key)
        if self._shown != self._made_of():
            # The cursor stays on its person, at the same height; where that one left, at the same number.
            self.show_people()
            self._note_place()
        elif batch.is_whole:
            # What could not be read of the row while the storage was away.
            self.tell_row()

    @property
    def begins_above(self) -> int | None:
        return None if self.people.has_more("before") else super().begins_above

    def _made_of(self) -> tuple[object, ...]:
        """What is drawn is made of this, besides the draft: where it is the same, nothing is drawn."""
        desk = self.desk
        return [*self.people.rows], self.people.total, desk.catalogue, desk.detail, desk.stale

    async def guarded(self, reading: Awaitable[object]) -> None:
        """Read, and say in a sentence what went wrong; what is loaded stays."""
        await self.behorig.guarded(reading)

    def on_table_near_end(self, event: Table.NearEnd) -> None:
        if self.behorig.is_open and self.people.loaded:
            self.extend(event.direction)

    @work(group="extend")
    async def extend(self, direction: str) -> None:
        """Read one more page at an end of the window."""
        page = self.people.extend("before" if direction == "before" else "after")
        if await self.behorig.guarded(page, beside=True):
            self.table.rows_added()
            self._shown = self._made_of()
            self.tell_filters()

    def on_table_edge(self, event: Table.Edge) -> None:
        if self.behorig.is_open and self.people.has_more(event.direction):
            self.load(last=event.direction == "after")

    def cursor_moved(self, under: UnderCursor) -> None:
        self.look_at_day()
        if self.behorig.is_open and under.key is not None:
            self._note_place()
            self.tell_row()

    # Search, filter, order --------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        if self.behorig.is_open and event.value != self.people.question.search:
            self.people.search_for(event.value)
            self.load()

    def tell_filters(self) -> None:
        """Say in words what narrows the list, and how much of it is shown."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.queries import SortBy, Standing

        people, desk = self.people, self.desk
        question = people.question
        past = past_words(people.as_of, narrow=self.has_class("-narrow"))
        parts: list[str] = []
        if question.standing is Standing.DEREGISTERED:
            parts.append(_("deregistered"))
        if question.e_service_id is not None:
            e_service = desk.catalogue.e_service(question.e_service_id)
            name = question.e_service_id if e_service is None else e_service.name
            parts.append(_("lack {name}", name=name) if question.lacking else _("have {name}", name=name))
        if question.permission_id is not None:
            name = desk.permission_name(question.permission_id)
            parts.append(_("lack {name}", name=name) if question.lacking else _("have {name}", name=name))
        if question.sort_by is not SortBy.NAME or question.descending:
            way = _("falling") if question.descending else _("rising")
            parts.append(_("by {column}, {way}", column=_(SORT_NAMES[question.sort_by]), way=way))
        if self.behorig.away_since is not None and people.searched != question.search:
            parts.append(_("still those of the search “{search}”", search=people.searched))
        count, more = people.total
        total = _("more than {count}", count=number_text(count)) if more else number_text(count)
        where = _("{total} users", total=total) if more or count != 1 else _("1 user")
        marked = len(desk.marks)
        new = people.newcomers
        if new:
            where += _(", ") + ngettext("{count} new", "{count} new", new)
        line = self.query_one("#count", FittingLine)
        if marked:
            of_all = ngettext("{count} marked of {total}", "{count} marked of {total}", marked, total=total)
            line.tell_first_whole(
                _(", ").join((where, ngettext("{count} marked", "{count} marked", marked))), of_all
            )
        else:
            line.tell_first_whole(where)
        # What narrows the list has a line of its own: a permission's name is often half a line long.
        self.set_class(bool(parts or past), "-filtered")
        self.set_class(bool(past), "-past")
        text = _("Shown: {filters}", filters=_(", ").join(parts)) if parts else ""
        text = " ".join(each for each in (past, text) if each)
        self.query_one("#filters", CountedLines).tell(text)

    def do_all(self) -> None:
        """Take the search away; when there is none, the day in the past; then the filter."""
        people = self.people
        if people.question.search:
            self.query_one("#search", Input).value = ""
            return
        if people.as_of is not None:
            self.show_day(None)
            return
        people.show_everybody()
        self.load(place=self.behorig.place)

    def do_search(self) -> None:
        """Go to the search box."""
        self.query_one("#search", Input).focus()

    @work
    async def do_filter(self) -> None:
        """Choose a filter."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.queries import Standing
        from tui.screens.dialogs import Choice, Option

        desk = self.desk
        options = [
            Option("all", _("Everybody")),
            Option("deregistered", _("Deregistered users")),
        ]
        for e_service in desk.catalogue.e_services:
            options.append(Option(f"s+{e_service.id}", _("Have any of {name}", name=e_service.name)))
            options.append(Option(f"s-{e_service.id}", _("Have none of {name}", name=e_service.name)))
        for permission in desk.columns(retired=False):
            name = permission.name_on(desk.today)
            former = _(", ").join(permission.former_names(desk.today))
            options.append(Option(f"p+{permission.id}", _("Have {name}", name=name), former))
            options.append(Option(f"p-{permission.id}", _("Lack {name}", name=name), former))
        chosen = await self.app.push_screen_wait(
            Choice(_("Show only"), options, chosen=self._filter_id(), searched=True)
        )
        if chosen is None:
            return
        kind, _sign, wanted = chosen[:1], chosen[1:2], chosen[2:]
        named = chosen in ("all", "deregistered")
        self.people.filter_by(
            standing=Standing.DEREGISTERED if chosen == "deregistered" else Standing.ACTIVE,
            e_service_id=wanted if kind == "s" and not named else None,
            permission_id=wanted if kind == "p" and not named else None,
            lacking=not named and _sign == "-",
        )
        self.load()

    def _filter_id(self) -> str:
        question = self.people.question
        sign = "-" if question.lacking else "+"
        if question.e_service_id is not None:
            return f"s{sign}{question.e_service_id}"
        if question.permission_id is not None:
            return f"p{sign}{question.permission_id}"
        return "deregistered" if question.standing == "deregistered" else "all"

    @work
    async def do_sort(self) -> None:
        """Choose the order."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from core.queries import SortBy
        from tui.screens.dialogs import Choice, Option

        options = [
            Option(f"{by}{way}", _(name) + (_(", rising") if way == "+" else _(", falling")))
            for by, name in SORT_NAMES.items()
            for way in "+-"
        ]
        now = self.people.question
        chosen = await self.app.push_screen_wait(
            Choice(_("Sort by"), options, chosen=f"{now.sort_by}{'-' if now.descending else '+'}")
        )
        if chosen is not None:
            self.people.order_by(SortBy(chosen[:-1]), descending=chosen.endswith("-"))
            self.load()

    def show_day(self, day: date | None) -> None:
        """Show everybody as of a day, ``None`` for now."""
        self.people.look_at(day)
        self.day_changed()
        self.load(place=self.behorig.place)

    def day_changed(self) -> None:
        """Fit what depends on the day that is shown; called before its people are read."""

    @work
    async def do_as_of(self) -> None:
        """Choose a day in the past to look at."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.screens.past import choose_day

        chosen = await choose_day(self)
        if chosen is not None:
            self.show_day(None if chosen == self.desk.today else chosen)

    @work
    async def do_compare(self) -> None:
        """Tell what is different between two days."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.screens.past import compare_days

        await compare_days(self, self.people.as_of)

    @work
    async def do_history(self) -> None:
        """Show the history of what the cursor stands on."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.history import HistoryFilter, Person

        row = self.row
        if row is not None:
            account = row.account
            who = Person(account.organisation_id, account.id, account.name)
            wanted = await self.history_of(HistoryFilter(person=who))
            if wanted is not None:
                self.behorig.show_history(wanted)

    async def history_of(self, person: HistoryFilter) -> HistoryFilter | None:
        """Give which history is meant where the cursor stands; ``person`` is that of the row."""
        return person

    def do_reload(self) -> None:
        """Read again."""
        self.reload()

    # Marks ------------------------------------------------------------------------------------

    def do_mark(self) -> None:
        """Mark the row, or take its mark away, and go to the next."""
        row = self.row
        if row is None:
            return
        marks = self.desk.marks
        if row.account.id in marks:
            del marks[row.account.id]
        else:
            marks[row.account.id] = row.account.name
        self.table.refresh_row(row.account.id)
        self.table.action_cursor_down()
        self.tell_filters()

    @work(exclusive=True, group="marks")
    async def do_mark_all(self, most: int = MOST_MARKS) -> None:
        """Mark all that the question finds, also those not loaded, but no more than ``most``."""
        found = await self.behorig.guarded(self.people.all_matching(most))
        if found is None:
            return
        rows, all_of_them = found
        self.desk.marks.update({row.account.id: row.account.name for row in rows})
        self.table.refresh_all()
        self.tell_filters()
        count = len(rows)
        if all_of_them:
            self.behorig.say(ngettext("{count} user is marked.", "{count} users are marked.", count))
        else:
            self.behorig.say(
                _(
                    "The first {count} users are marked; there are more. Search to reach the others.",
                    count=number_text(count),
                ),
                problem=True,
            )

    def do_unmark_all(self) -> None:
        """Take all marks away."""
        self.desk.marks.clear()
        self.table.refresh_all()
        self.tell_filters()

    def loaded_targets(self) -> list[AccountRow] | None:
        """Give the marked rows, or the one under the cursor; ``None`` when some have to be read first."""
        if not self.desk.marks:
            return [] if self.row is None else [self.row]
        rows = [self.people.find(each) for each in self.desk.marks]
        return None if None in rows else [row for row in rows if row is not None]

    async def targets(self) -> list[AccountRow]:
        """Give the marked rows, or the one under the cursor when none is marked."""
        if self.desk.marks:
            before = len(self.desk.marks)
            rows = await self.behorig.guarded(self.people.marked_rows()) or []
            gone = before - len(self.desk.marks)
            if gone:
                self.tell_filters()
                self.behorig.say(
                    ngettext(
                        "{count} marked user is no longer there; the mark is gone.",
                        "{count} marked users are no longer there; the marks are gone.",
                        gone,
                    ),
                    problem=True,
                )
            return rows
        row = self.row
        return [] if row is None else [row]

    def do_person(self) -> None:
        """Show one person's permissions as a list."""
        row = self.row
        if row is None:
            return
        if self.people.as_of is not None:
            # Deferred: the first frame shows no person yet, and waits for nothing of core.
            from tui.screens.past import person_then

            self.app.push_screen(person_then(self.desk, row, self.people.as_of))
            return
        self.behorig.show_person(row)

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        if action_id in NOT_OF_THE_PAST and self.behorig.is_open and self.people.as_of is not None:
            return _("the past is only to read; Esc shows today")
        needs_row = {
            "people.mark", "people.person", "people.history", "users.amend", "users.deregister",
            "permissions.toggle", "permissions.copy",
        }  # fmt: skip
        needs_somebody = {"permissions.give", "permissions.take", "permissions.reset"}
        if self.row is None and (
            action_id in needs_row or (action_id in needs_somebody and not self.desk.marks)
        ):
            return _("the list is empty")
        if action_id == "people.history" and self.row is not None and not self.row.account.version:
            return _("the user is not written yet and has no history")
        if action_id == "people.all" and not self.people.is_filtered and self.people.as_of is None:
            return _("the list shows everybody already")
        if action_id == "people.unmark_all" and not self.desk.marks:
            return _("nobody is marked")
        return ""

"""The demo: a country of organisations, three of them with invented people and four years of history.

It is the same in every build, to the byte. The day is :data:`storage.seed.cast.DEMO_DAY`, on which
two permissions were launched in truth: so the demo shows a launch morning without inventing a
permission. People, HSA-ids and addresses are invented (:mod:`storage.seed.people`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

import msgspec

from core import changes as c
from core.directory import AUTHORITY
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.ports import Storage
from storage.seed import build, facts
from storage.seed.build import Person, Place
from storage.seed.cast import (
    AMINA_HASSAN,
    BJURHOLM,
    DEMO_DAY,
    EVA_EK,
    GOTEBORG,
    KARIN_ASTROM,
    PER_ERIK_SUNDIN,
    SUNDSVALL,
    TEST_ID,
    DemoPerson,
)
from storage.seed.chance import draw, pick
from storage.seed.people import Invention
from storage.seed.story import Story
from storage.seed.town import Member, Town
from storage.seed.workdays import early, in_office, moment, workday

FIRST_DAY = date(2019, 11, 28)
"""The day on which permissions for each kind of reimbursement came (DOMAIN 3)."""


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much happens in a town: people at first, and all that comes until the day of the demo."""

    first: int
    first_at_once: int
    joining: int
    joining_at_once: int
    leaving: int
    leaving_at_once: int
    returning: int
    marrying: int
    sharing: int
    cards: int


async def build_demo(storage: Storage) -> None:
    """Fill an empty storage that lets test ids in."""
    await _Demo(storage).play()


class _Demo:
    """Tells the story of the country and its three towns, then plays it."""

    def __init__(self, storage: Storage) -> None:
        self.story = Story(storage)
        self.support: list[tuple[Id, Person]] = []
        known = {place.id: place for place in build.places()}
        self.sundsvall = Town(self.story, SUNDSVALL, _invention(known[Id(SUNDSVALL)], "sundsvall"))
        self.goteborg = Town(self.story, GOTEBORG, _invention(known[Id(GOTEBORG)], "goteborg"))
        self.bjurholm = Town(self.story, BJURHOLM, _invention(known[Id(BJURHOLM)], "bjurholm"))

    async def play(self) -> None:
        self._tell_country()
        self._tell_sundsvall()
        self._tell_goteborg()
        self._tell_bjurholm()
        await self.story.play()

    # Migrationsverket and the catalogue ----------------------------------------------------------

    def _tell_country(self) -> None:
        self.story.at(moment(FIRST_DAY, 8, 0), self._found_authority)
        for second, place in enumerate(build.places()):
            self.story.at(moment(FIRST_DAY, 8, 10 + second // 60, second % 60), self._founding(place))
        for fact in facts.permissions():
            if fact.launched_on > FIRST_DAY:
                # Kinds launched together are announced together, in the order of the catalogue.
                ahead = in_office(fact.launched_on - timedelta(days=14), fact.launched_on.isoformat())
                self.story.at(ahead, self._by_support([build.launch(fact)]))
            if fact.renamed_on is not None:
                ahead = in_office(fact.renamed_on - timedelta(days=3), fact.id)
                self.story.at(ahead, self._by_support(build.rename(fact)))
            if fact.retired_on is not None:
                ahead = in_office(fact.retired_on - timedelta(days=21), fact.id)
                self.story.at(ahead, self._by_support(build.retire(fact)))

    async def _found_authority(self) -> None:
        staff = Invention(f"{TEST_ID}2321000156", "migrationsverket.example")
        changes: list[c.AnyChange] = [build.found_authority(), *build.e_services()]
        changes += [build.launch(fact) for fact in facts.permissions() if fact.launched_on <= FIRST_DAY]
        changes.append(build.contact(FIRST_DAY))
        for given, family in (("Helena", "Wikström"), ("Yusuf", "Rahimi"), ("Lotta", "Bergqvist")):
            person, account_id = staff.named(given, family), Id(self.story.new_id())
            self.support.append((account_id, person))
            changes += [build.register(account_id, person), c.AppointSupport(account_id=account_id)]
        await build.write(self.story.as_installation(), AUTHORITY, changes)

    def _founding(self, place: Place) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            await build.write(self.story.as_installation(), place.id, [build.found(place)])

        return scene

    def _by_support(self, changes: Iterable[c.AnyChange]) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            service = self.story.as_support(*pick(self.support, self.story.now().isoformat()))
            await build.write(service, AUTHORITY, changes)

        return scene

    # The towns -----------------------------------------------------------------------------------

    def _tell_sundsvall(self) -> None:
        town, invention = self.sundsvall, self.sundsvall.invention
        karin, gunnel = _cast(invention, KARIN_ASTROM), invention.named("Gunnel", "Nordström")
        self._opening(town, date(2019, 12, 3), [karin, gunnel])
        self._appointment(town, date(2021, 3, 1), _cast(invention, EVA_EK))
        self._dismissal(town, date(2021, 6, 30), gunnel)
        self._appointment(town, date(2022, 9, 5), invention.named("Mikael", "Öberg"))
        kaisa = invention.named("Kaisa", "Hannu", "2201")
        # Hired from elsewhere: the card and its number are another organisation's (DOMAIN 4).
        hired = Person(
            hsa_id=HsaId("SE5565594230-2201"),
            given_name=GivenName("René"),
            family_name=FamilyName("Lindén"),
            email=EmailAddress("rene.linden@konsult.example"),
        )
        known = [
            (invention.named("Anna", "Andersson", "1337"), "school"),
            (msgspec.structs.replace(kaisa, email=invention.mailbox("socialkontoret")), "children"),
            (hired, "economy"),
        ]
        self._join(town, date(2019, 12, 5), known, stay=True)
        plan = _Plan(
            first=21,
            first_at_once=5,
            joining=19,
            joining_at_once=1,
            leaving=9,
            leaving_at_once=1,
            returning=1,
            marrying=2,
            sharing=2,
            cards=1,
        )
        self._tell_years(town, plan)
        self._join(town, date(2020, 2, 4), [(invention.named("Jörgen", "Älvsjö"), "all")], stay=True)
        self._join(town, date(2024, 1, 31), [(invention.named("Samira", "Popovic"), "nothing")])
        self._tell_slip(town)

    def _tell_goteborg(self) -> None:
        town, invention = self.goteborg, self.goteborg.invention
        bengt_ake = invention.named("Bengt-Åke", "Dahl")
        first = [_cast(invention, AMINA_HASSAN), bengt_ake, invention.named("Johan", "Lindqvist")]
        self._opening(town, date(2019, 12, 2), first)
        self._appointment(town, date(2020, 9, 14), invention.named("Sofia", "Wallin"))
        self._appointment(town, date(2021, 11, 8), invention.named("Tuula", "Niemi"))
        self._appointment(town, date(2023, 4, 17), invention.named("Oskar", "Ekdahl"))
        self._dismissal(town, date(2023, 4, 28), bengt_ake)
        plan = _Plan(
            first=760,
            first_at_once=40,
            joining=587,
            joining_at_once=9,
            leaving=160,
            leaving_at_once=5,
            returning=6,
            marrying=24,
            sharing=10,
            cards=8,
        )
        self._tell_years(town, plan)
        self.story.at(in_office(date(2021, 9, 13), "both"), self._people_of_both)

    async def _people_of_both(self) -> None:
        """Let two people who work in Sundsvall get accounts in Göteborg as well, under the same HSA-id."""
        both = self.sundsvall.somebody(2, "both")
        await self.goteborg.join([(each.person, each.work) for each in both])

    def _tell_bjurholm(self) -> None:
        town, invention = self.bjurholm, self.bjurholm.invention
        karin = Person(
            hsa_id=HsaId(KARIN_ASTROM.hsa_id),
            given_name=GivenName("Karin"),
            family_name=FamilyName("Åström"),
            email=EmailAddress("karin.astrom@sundsvall.example"),
        )
        self._opening(town, date(2020, 2, 11), [_cast(invention, PER_ERIK_SUNDIN), karin])
        self._join(town, date(2020, 2, 12), [(invention.named("Märta", "Åslund"), "all")])
        self._tell_launches(town)

    # What happens in every town --------------------------------------------------------------------

    def _opening(self, town: Town, day: date, people: list[Person]) -> None:
        async def scene() -> None:
            await town.open(self.story.as_support(*pick(self.support, town.id)), people)

        self.story.at(in_office(day, town.id, "opening"), scene)

    def _appointment(self, town: Town, day: date, person: Person) -> None:
        async def scene() -> None:
            await town.appoint(self.story.as_support(*pick(self.support, person.hsa_id)), person)

        self.story.at(in_office(day, town.id, "appointment"), scene)

    def _dismissal(self, town: Town, day: date, person: Person) -> None:
        async def scene() -> None:
            await town.dismiss(self.story.as_support(*pick(self.support, person.hsa_id)), person.hsa_id)

        self.story.at(in_office(day, town.id, "dismissal"), scene)

    def _join(self, town: Town, day: date, people: list[tuple[Person, str]], *, stay: bool = False) -> None:
        async def scene() -> None:
            await town.join(people, stay=stay)

        self.story.at(in_office(day, town.id, "join", len(people)), scene)

    def _tell_launches(self, town: Town) -> None:
        """Give what is launched on its morning; what is launched on the demo's day is still to be given."""
        later = (fact for fact in facts.permissions() if FIRST_DAY < fact.launched_on < DEMO_DAY)
        for day, together in groupby(
            sorted(later, key=lambda fact: fact.launched_on), lambda f: f.launched_on
        ):
            self.story.at(early(day, town.id), _later(town.launch, tuple(together)))

    def _tell_years(self, town: Town, plan: _Plan) -> None:
        """Let people come, change and leave from the first winter until the week of the demo."""
        self._tell_launches(town)
        for year in range(2020, DEMO_DAY.year):
            self.story.at(in_office(date(year, 3, 9), town.id, "review"), town.review)
        winter = date(2019, 12, 9), date(2020, 1, 24)
        for number, (day, count) in enumerate(_spread(town.id, plan.first, plan.first_at_once, *winter)):
            self.story.at(in_office(day, town.id, "first", number), self._newcomers(town, count))
        years = date(2020, 2, 17), date(2024, 1, 30)
        for number, (day, count) in enumerate(_spread(town.id, plan.joining, plan.joining_at_once, *years)):
            self.story.at(in_office(day, town.id, "joining", number), self._newcomers(town, count))
        later = date(2020, 6, 1), date(2024, 1, 26)
        gone: list[Member] = []
        for number, (day, count) in enumerate(_spread(town.id, plan.leaving, plan.leaving_at_once, *later)):
            self.story.at(
                in_office(day, town.id, "leaving", number), self._leavers(town, count, number, gone)
            )
        for number, (day, _one) in enumerate(
            _spread(town.id, plan.returning, 1, date(2022, 1, 10), later[1])
        ):
            self.story.at(in_office(day, town.id, "returning", number), self._returner(town, gone))
        happenings = (
            ("marrying", plan.marrying, lambda one: town.marry(one, town.invention.family_name())),
            ("sharing", plan.sharing, town.read_mailbox),
            ("cards", plan.cards, town.get_card),
        )
        for name, times, happening in happenings:
            for number, (day, _one) in enumerate(_spread(town.id + name, times, 1, *later)):
                scene = self._happening(town, happening, name, number)
                self.story.at(in_office(day, town.id, name, number), scene)

    def _newcomers(self, town: Town, count: int) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            await town.join(town.invented(count))

        return scene

    def _leavers(
        self, town: Town, count: int, number: int, gone: list[Member]
    ) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            leaving = town.somebody(count, "leaving", number)
            gone.extend(leaving)
            await town.leave(leaving)

        return scene

    def _returner(self, town: Town, gone: list[Member]) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            back = next(each for each in gone if not each.active)
            await town.return_(back)

        return scene

    def _happening(
        self, town: Town, happening: Callable[[Member], Awaitable[None]], name: str, number: int
    ) -> Callable[[], Awaitable[None]]:
        async def scene() -> None:
            await happening(town.somebody(1, name, number)[0])

        return scene

    def _tell_slip(self, town: Town) -> None:
        """Let an administrator give a permission to the wrong person, and undo it four minutes later."""
        permission_id = "barn-utan-vardnadshavare"
        written: list[tuple[Member, str]] = []

        async def slip() -> None:
            lacking = [each for each in town.active if permission_id not in each.granted]
            member = pick(lacking, "slip")
            written.append((member, await town.slip(member, permission_id)))

        async def undo() -> None:
            member, changeset_id = written[0]
            await town.undo_slip(member, permission_id, changeset_id)

        day = workday(date(2023, 10, 17))
        self.story.at(moment(day, 10, 41, 7), slip)
        self.story.at(moment(day, 10, 45, 30), undo)


def _later(
    scene: Callable[[tuple[facts.PermissionFact, ...]], Awaitable[None]],
    together: tuple[facts.PermissionFact, ...],
) -> Callable[[], Awaitable[None]]:
    """Bind a scene to what it is about, where a loop would bind it to the last."""
    return lambda: scene(together)


def _cast(invention: Invention, person: DemoPerson) -> Person:
    given, family = person.name.rsplit(" ", 1)
    return invention.named(given, family, person.hsa_id.rsplit("-", 1)[1])


def _invention(place: Place, domain: str) -> Invention:
    """Invent people with test ids under the place's own number, or the tests' where it is not known."""
    digits = place.number.digits if place.number is not None else "2321000156"
    return Invention(f"{TEST_ID}{digits}", f"{domain}.example")


def _spread(key: str, total: int, at_once: int, first: date, last: date) -> Iterator[tuple[date, int]]:
    """Spread ``total`` over the days from ``first`` to ``last``, at most ``at_once`` on each, unevenly."""
    portions = [min(at_once, total - before) for before in range(0, total, at_once)]
    days = (last - first).days
    for number, count in enumerate(portions):
        slot = days / len(portions)
        shift = draw(max(1, int(slot)), key, "spread", number)
        yield first + timedelta(days=int(number * slot) + shift), count

"""Builds the demonstration city: from a seed, by acting through the services, around the platform's present day.

Everything is invented. Reported trades come as reports of four trading systems; native ones by acts of the platform.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from tradehall.accounts import selectors as accounts
from tradehall.accounts import services as account_services
from tradehall.config.demo import days, dossiers, following, native, people, records, scripts
from tradehall.config.demo.cast import SUBJECTS, SYSTEMS, Cast, make_cast
from tradehall.config.demo.scripts import Trade
from tradehall.disclosure import follower
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.times import to_beijing
from tradehall.parties import services as parties
from tradehall.procedures import services as procedures
from tradehall.tenders import services as tenders
from tradehall.tenders.reports import NoticeReport

SEED = 20160206
SHARES = {"works": 34, "procurement": 30, "land": 14, "property": 16, "carbon": 3, "others": 4}
TURNS = (
    "plain", "plain", "plain", "corrected", "extended", "plain",
    "failed", "rerun", "plain", "terminated", "suspended", "plain",
)  # fmt: skip
METHODS = {
    "works": ("open", "open", "open", "invited"),
    "procurement": ("open", "consultation", "open", "negotiation", "inquiry"),
    "land": ("listing", "listing", "auction"),
    "property": ("online_bidding", "online_bidding", "auction"),
    "carbon": ("online_bidding",),
    "others": ("online_bidding", "listing"),
}
SIZES = {"works": (500, 40_000), "procurement": (60, 3_000), "land": (4_000, 150_000), "property": (20, 9_000)}
REACH_DAYS = 260
BATCH = 500
Progress = Callable[[int, int], None]


def is_built() -> bool:
    return any(system.code == SYSTEMS["works"][0] for system in accounts.systems())


def the_cast() -> Cast:
    return make_cast(random.Random(SEED))


def build(projects: int = 100, progress: Progress | None = None) -> int:
    """The whole city; returns how many projects were made. Sealed and projected when it returns."""
    at = platform_now()
    cast = the_cast()
    procedures.load_definitions(by=PLATFORM, at=at)
    _register(cast, at)
    count = add_projects(projects, first=1, progress=progress)
    count += native.build(cast, at)
    credit = Actor("system", records.SYSTEM, "澄州市信用平台（演示）")
    records.report_records(cast, random.Random(SEED + 1), by=credit, at=at)
    people.create_people(cast, by=PLATFORM, at=at)
    dossiers.register_all(cast, at)
    following.follow(cast, at)
    publish()
    following.tell(at)
    return count


def publish() -> None:
    """Positions for everything recorded, then every projection."""
    sealer.seal_pending()
    follower.catch_up()


def _register(cast: Cast, at: datetime) -> None:
    for line, (code, name) in SYSTEMS.items():
        account_services.add_system(by=PLATFORM, at=at, code=code, name=name, line=line)
    for who in scripts.all_codes(cast):
        parties.register_organisation(by=PLATFORM, at=at, uscc=who.uscc or "", name=who.name)


def add_projects(count: int, *, first: int, progress: Progress | None = None) -> int:
    """`count` more reported projects, numbered from `first`; the same numbers make the same projects of a day."""
    cast, at = the_cast(), platform_now()
    today = to_beijing(at).date()
    batch: list[NoticeReport] = []
    for number in range(first, first + count):
        rng = random.Random(f"{SEED}/{number}")
        trade = _trade(number, cast, rng, today)
        batch += [report for report in scripts.reports(trade, rng) if report.published_at <= at]
        if len(batch) >= BATCH:
            _record(batch, at)
            batch = []
        if progress:
            progress(number - first + 1, count)
    _record(batch, at)
    return count


def _record(batch: list[NoticeReport], at: datetime) -> None:
    """Each system reports its own, in the order of publication."""
    for code, name in sorted({(report.system, report.source_name or report.system) for report in batch}):
        own = sorted((r for r in batch if r.system == code), key=lambda report: report.published_at)
        tenders.record_notices(own, by=Actor("system", code, name), at=at)


def _trade(number: int, cast: Cast, rng: random.Random, today: date) -> Trade:
    line = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
    system, system_name = SYSTEMS.get(line, SYSTEMS["property"])
    principal, district = rng.choice(cast.principals[line])
    start = _start(rng, today)
    subject = rng.choice(SUBJECTS[line])
    if line == "land":
        subject = f"{rng.choice('ABCDEFGH')}{number % 90 + 10:02d}-{rng.randint(1, 20):02d} 地块{subject}"
    elif number > sum(SHARES.values()):
        subject = f"{subject}（{number} 号）"
    return Trade(
        number=number,
        line=line,
        system=system,
        system_name=system_name,
        subject=subject,
        principal=principal,
        agency=rng.choice(cast.agencies),
        bidders=tuple(rng.sample(cast.companies[line], rng.randint(3, 6))),
        district=district,
        method=rng.choice(METHODS[line]),
        cents=_amount(line, rng),
        start=start,
        turn=rng.choice(TURNS),
    )


def _start(rng: random.Random, today: date) -> date:
    """Half of the trades are under way, some only planned, the rest go back over the year."""
    fate = rng.random()
    if fate < 0.12:
        return days.on_or_after(today + timedelta(days=rng.randint(4, 30)))
    reach = 28 if fate < 0.5 else REACH_DAYS
    day = today - timedelta(days=rng.randint(0, reach))
    while not days.is_working(day):
        day -= timedelta(days=1)
    return day


def _amount(line: str, rng: random.Random) -> int:
    """In cents, whole hundreds of yuan; of the size such trades have."""
    low, high = SIZES.get(line, (50, 2_000))
    return rng.randint(low * 100, high * 100) * 10_000

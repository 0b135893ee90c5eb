"""What the organisations of the invented city have on file, from the seed and the day. Pure; the acts are in `dossiers`.

What is asked of whom is read from the register's own requirements, so a plan is complete whatever they ask. Every person
is marked as invented, and no identity number names a region that exists.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tradehall.config.demo.cast import DISTRICTS, Cast
from tradehall.kernel.identifiers import compute_citizen_check
from tradehall.parties import registration_rules as rules
from tradehall.tenders.reports import Named

SURNAMES, GIVEN = (
    "江潘顾乔温纪简闵祁樊庄阮",
    ("致和", "允中", "怀瑾", "思齐", "明远", "若谷", "知行", "慎之", "长庚", "景云"),
)
ROADS = ("云湖路", "港湾路", "新河街", "东浦大道", "南塘路", "古城东街")
NO_REGION = "119901"  # no such district: nobody has a number that begins so
# Years for which each is issued (安全生产许可证条例 9, 建筑业企业资质管理规定 11, 注册建造师管理规定 10); the others are for good.
YEARS = {
    "safety_permit": 3, "authorisation": 1, "financial_report": 1, "construction": 5, "project_manager": 3,
    "safety_officer": 3,
}  # fmt: skip
TITLES = {"construction": ("建筑工程施工总承包", "市政公用工程施工总承包")}
SOON_DAYS = 26
ACCEPTED, DIFFERING, WAITING, RETURNED, DRAFT = "accepted", "differing", "waiting", "returned", "draft"


@dataclass(frozen=True, slots=True)
class Item:
    """A licence, a qualification or a person with a certificate; `until_on` None: for good. `identity` of people only."""

    kind: str
    code: str
    name: str
    level: str
    certificate_no: str
    from_on: date
    until_on: date | None
    identity: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`login`: who registers; `fate`: what becomes of it; `legal_person`: as the authority knows him."""

    who: Named
    role: str
    lines: tuple[str, ...]
    login: str
    person: str
    fate: str
    legal_person: str
    profile: dict[str, str]
    items: tuple[Item, ...]
    bank_no: str


def make_plans(cast: Cast, rng: random.Random, today: date) -> tuple[Plan, ...]:
    """The demo accounts' own organisations first in their kinds; everybody else has a handler without a password."""
    made = []
    for number, (who, role, lines, login, fate) in enumerate(_members(cast), start=1):
        legal_person, person = _name(rng), _name(rng)
        asked = [_requirement(role, line) for line in lines]
        profile = _profile(who, role, legal_person, person, rng)
        plan = Plan(
            who, role, lines, login or f"demo-handler-{number:02d}", person, fate, legal_person,
            {name: value for name, value in profile.items() if any(name in one.profile for one in asked)},
            tuple(_items(asked, rng, today)), _bank_no(rng) if any(one.accounts for one in asked) else "",
        )  # fmt: skip
        made.append(_as_told(plan, rng, today))
    return tuple(made)


def facts(plan: Plan) -> dict[str, object]:
    """What the registry office says of it: the same, but for what the story needs otherwise."""
    told = {name: plan.profile[name] for name in ("name", "district", "address")} | {"legal_person": plan.legal_person}
    certificates = [
        {
            "kind": one.code, "level": "三级" if plan.fate == WAITING and one.level == "二级" else one.level,
            "certificate_no": one.certificate_no, "until_on": one.until_on.isoformat() if one.until_on else "",
        }
        for one in plan.items if one.kind == "qualification"
    ]  # fmt: skip
    return {**told, "qualifications": certificates}


def _members(cast: Cast) -> Iterator[tuple[Named, str, tuple[str, ...], str, str]]:
    """Who is registered as what, where, by which account, and how it went."""
    logins = {("bidder", "works"): "demo-bidder", ("bidder", "procurement"): "demo-bidder-2"}
    fates = {("works", 3): WAITING, ("works", 4): RETURNED, ("works", 5): DRAFT, ("works", 6): WAITING}
    for line, count in (("works", 7), ("procurement", 4), ("land", 2), ("property", 2)):
        for place, who in enumerate(cast.companies[line][:count]):
            login = logins.get(("bidder", line), "") if place == 0 else ""
            is_second = login == "demo-bidder-2"
            lines = (line, "property") if is_second or (line == "works" and place in (1, 2)) else (line,)
            yield who, "bidder", lines, login, DIFFERING if is_second else fates.get((line, place), ACCEPTED)
    for place, who in enumerate(cast.agencies):
        yield who, "agency", ("works", "procurement"), "" if place else "demo-agency", ACCEPTED
    for line in ("works", "procurement", "property"):
        who, _ = cast.principals[line][0]
        yield who, "principal", (line,), "" if line == "property" else "demo-principal", ACCEPTED


def _as_told(plan: Plan, rng: random.Random, today: date) -> Plan:
    """The stories: what demo-bidder has to renew, and what waits because the registry office knows it otherwise."""
    if plan.login == "demo-bidder":
        soon = today + timedelta(days=SOON_DAYS)
        ending = [
            replace(one, from_on=_years_before(soon, 5), until_on=soon) if one.kind == "qualification" else one
            for one in plan.items
        ]
        return replace(plan, items=tuple(ending))
    if plan.fate == WAITING:
        lower = [replace(one, level="二级") if one.kind == "qualification" else one for one in plan.items]
        return replace(plan, items=tuple(lower))
    return plan


def _profile(who: Named, role: str, legal_person: str, person: str, rng: random.Random) -> dict[str, str]:
    district = rng.choice([code for code in DISTRICTS if code != "990199"])
    return {
        "name": who.name, "legal_person": legal_person, "district": district,
        "address": f"澄州市{DISTRICTS[district]}{rng.choice(ROADS)} {rng.randint(1, 300)} 号",
        "contact": person, "phone": "000-00000000", "nature": "事业单位" if role == "principal" else "民营企业",
        "size": rng.choice(("中型", "小型", "微型")), "budget_unit": f"演示{rng.randrange(10**6):06d}",
        "competent": "澄州市国有资产监督管理委员会（演示）",
    }  # fmt: skip


def _requirement(role: str, line: str) -> rules.Requirement:
    found = rules.requirement(role, line)
    if found is None:
        raise ValueError(f"nobody registers as {role} in {line}")
    return found


def _items(asked: Iterable[rules.Requirement], rng: random.Random, today: date) -> Iterator[Item]:
    """The first of the alternatives the register offers, once for all markets; a builder has one more person."""
    wanted: dict[tuple[str, str], None] = {}
    for one in asked:
        kinds = (("licence", one.licences), ("qualification", one.qualifications), ("person", one.people))
        wanted |= dict.fromkeys((kind, codes[0]) for kind, entries in kinds for codes in entries)
    if ("qualification", "construction") in wanted:
        wanted["person", "safety_officer"] = None
    for kind, code in wanted:
        yield _item(kind, code, rng, today)


def _item(kind: str, code: str, rng: random.Random, today: date) -> Item:
    word, years = rules.catalogue().words[kind][code], YEARS.get(code, 0)
    age = rng.randint(30, 365 * years - 90 if years else 2_000)
    from_on = today - timedelta(days=age)
    name = _name(rng) if kind == "person" else rng.choice(TITLES.get(code, (word.label,)))
    return Item(
        kind, code, name, rng.choice(word.levels[1:] or word.levels or ("",)), f"演示{rng.randrange(10**9):09d}", from_on,
        from_on + timedelta(days=365 * years) if years else None, _identity(rng) if kind == "person" else "",
    )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=365 * years)


def _name(rng: random.Random) -> str:
    return f"{rng.choice(SURNAMES)}{rng.choice(GIVEN)}（演示）"


def _bank_no(rng: random.Random) -> str:
    return f"62229901{rng.randrange(10**11):011d}"


def _identity(rng: random.Random) -> str:
    born = date(1970, 1, 1) + timedelta(days=rng.randrange(10_000))
    body = f"{NO_REGION}{born:%Y%m%d}{rng.randrange(1, 999):03d}"
    return body + compute_citizen_check(body)

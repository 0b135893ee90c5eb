"""Separation of duties, attacked: random sequences of acts by everybody, and no way in.

What must never be is written here a second time and by hand: this test reads neither roles.toml nor duties.toml.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.kernel.times import BEIJING, to_beijing
from tradehall.parties import services
from tradehall.parties.mandates import midnight
from tradehall.parties.models import Grant, GrantEnding, GrantProposal, Mandate, MandateEnding
from tradehall.parties.tests import bodies

AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
FIRST, SECOND = bodies.code_of("MA0000AA"), bodies.code_of("MA0000BB")
ORGANISATIONS = (FIRST, SECOND, bodies.CENTRE, "")
PROJECT = "GC-2026-09-0001"
LOTS = (f"{PROJECT}-001", f"{PROJECT}-002")
PEOPLE = ("eve", "bob", "ann")
STEWARDS = (f"steward-{FIRST}", f"steward-{SECOND}")
EVERYBODY = (*PEOPLE, *STEWARDS, bodies.FIRST, bodies.SECOND, bodies.CLERK)
SERVICE = {"centre", "cashier", "host", "administrator"}
MANAGEMENT, WATCH, CUSTODY = (
    {"authority"},
    {"supervisor", "discipline", "auditor", "association"},
    {"notary", "guardian"},
)
ROLES = sorted(SERVICE | MANAGEMENT | WATCH | CUSTODY | {"principal", "agency", "bidder", "expert", "steward"})
PERSON = (
    (SERVICE, MANAGEMENT), (SERVICE, WATCH), (MANAGEMENT, WATCH), ({"principal"}, {"bidder"}), ({"agency"}, {"bidder"}),
    ({"expert"}, {"centre", "host", "agency"}), ({"expert"}, WATCH | MANAGEMENT), (SERVICE, {"bidder"}),
    ({"agency"}, SERVICE | WATCH | MANAGEMENT),
)  # fmt: skip
BODY = ((SERVICE, MANAGEMENT), (SERVICE, WATCH), (MANAGEMENT, WATCH), ({"agency"}, SERVICE | WATCH | MANAGEMENT))
LOT = (({"principal"}, {"bidder"}), ({"agency"}, {"bidder"}), (CUSTODY, {"bidder", "agency"}), ({"expert"}, {"bidder"}))


@dataclass(frozen=True)
class Held:
    """A duty as it stands in the tables."""

    role: str
    person: int | None
    body: str
    lot: str | None
    start: datetime
    end: datetime | None


Step = tuple[str, dict[str, Any]]
WHO = st.sampled_from(EVERYBODY)
FOR = st.sampled_from(ORGANISATIONS)
DAYS = st.integers(-1, 6)
DECIDE = st.fixed_dictionaries({"who": WHO, "acts_for": FOR, "which": st.integers(0, 3)})
MANDATE = st.fixed_dictionaries({"who": WHO, "acts_for": FOR, "body": FOR, "start": DAYS, "length": st.integers(0, 6)})
# Each plan presses two roles that must stay apart, and a third: chance alone would seldom bring two together.
PRESSED = (
    ("principal", "bidder"), ("agency", "bidder"), ("centre", "supervisor"), ("host", "authority"),
    ("authority", "auditor"), ("centre", "expert"), ("expert", "supervisor"), ("agency", "cashier"),
    ("agency", "supervisor"), ("guardian", "steward"), ("guardian", "bidder"), ("administrator", "discipline"),
)  # fmt: skip

# Most of the steps are grants by the two who may: what is never granted cannot meet.
KINDS = (*["granted"] * 6, "propose", "approve", "end", "mandate", "end_mandate")


@st.composite
def plans(draw: st.DrawFn) -> list[Step]:
    pressed, third = draw(st.sampled_from(PRESSED)), draw(st.sampled_from(ROLES))
    asked = st.fixed_dictionaries(
        {"who": WHO, "acts_for": FOR, "login": st.sampled_from(("eve", "eve", "bob", bodies.FIRST)), "body": FOR,
         "role": st.sampled_from((*pressed, *pressed, third)), "lot": st.sampled_from((None, None, *LOTS)), "start": DAYS,
         "length": st.one_of(st.none(), st.integers(1, 6))}
    )  # fmt: skip
    shapes = {"mandate": MANDATE, "approve": DECIDE, "end": DECIDE, "end_mandate": DECIDE}
    names = draw(st.lists(st.sampled_from(KINDS), min_size=8, max_size=16))
    return [(name, draw(shapes.get(name, asked))) for name in names]


def propose(at: datetime, step: dict[str, Any], by: Actor | None = None) -> GrantProposal:
    start = at + timedelta(days=step["start"])
    watch = step["role"] in WATCH | MANAGEMENT
    is_lined = step["role"] in {"authority", "supervisor", "association"}
    return services.propose_grant(
        by=by or acting(step, at), at=at, login=step["login"], role=step["role"], organisation_uscc=step["body"],
        lot_no=step["lot"], from_at=start, lines=["works"] if is_lined else [],
        districts=["990100"] if watch and step["role"] != "association" else [],
        until_at=start + timedelta(days=step["length"]) if step["length"] else None,
    )  # fmt: skip


def granted(at: datetime, step: dict[str, Any]) -> None:
    """The two that would rightly stand behind it, so that much is granted and duties come close to each other."""
    makers = [(f"steward-{step['body']}", step["body"]), (bodies.CLERK, bodies.CENTRE), (bodies.FIRST, "")]
    for login, body in makers:
        if login in EVERYBODY and login != step["login"]:
            try:
                one = propose(at, step, bodies.acting(login, body or None, at=at))
                services.approve_grant(by=bodies.acting(bodies.SECOND, None, at=at), at=at, proposal_id=one.pk)
            except Refusal:
                continue
            return


def approve(at: datetime, step: dict[str, Any]) -> None:
    one = nth(GrantProposal.objects.order_by("-id"), step)
    services.approve_grant(by=acting(step, at), at=at, proposal_id=one)


def end(at: datetime, step: dict[str, Any]) -> None:
    services.end_grant(by=acting(step, at), at=at, grant_id=nth(Grant.objects.order_by("-id"), step), reason="试")


def mandate(at: datetime, step: dict[str, Any]) -> None:
    by, start = acting(step, at), to_beijing(at).date() + timedelta(days=step["start"])
    services.give_mandate(
        by=by, at=at, agency_uscc=step["body"], projects=[PROJECT], from_on=start,
        until_on=start + timedelta(days=step["length"]), document_sha256=bodies.paper(by, at=at),
    )  # fmt: skip


def end_mandate(at: datetime, step: dict[str, Any]) -> None:
    one = nth(Mandate.objects.order_by("-mandate_no"), step)
    services.end_mandate(by=acting(step, at), at=at, mandate_no=one, reason="试")


ACTS: dict[str, Callable[[datetime, dict[str, Any]], Any]] = {
    "propose": propose, "granted": granted, "approve": approve, "end": end, "mandate": mandate,
    "end_mandate": end_mandate,
}  # fmt: skip


def acting(step: dict[str, Any], at: datetime) -> Actor:
    """Half of an attack is to claim more than one has."""
    return replace(bodies.acting(step["who"], step["acts_for"] or None, at=at), roles=frozenset(ROLES))


def nth(rows: Any, step: dict[str, Any]) -> Any:
    found = list(rows.values_list("pk", flat=True)[step["which"] : step["which"] + 1])
    return found[0] if found else 0


def held() -> list[Held]:
    ends = dict(GrantEnding.objects.values_list("grant_id", "ended_at"))
    found = [
        Held(g.role, g.account_id, g.organisation_uscc, g.lot_no, g.from_at, earlier(g.until_at, ends.get(g.pk)))
        for g in Grant.objects.all()
    ]
    stops = dict(MandateEnding.objects.values_list("mandate_id", "ended_at"))
    for one in Mandate.objects.all():
        until = earlier(midnight(one.until_on + timedelta(days=1)), stops.get(one.pk))
        for role, body in (("agency", one.agency_id), ("principal", one.principal_id)):
            found.append(Held(role, None, body, one.projects[0], midnight(one.from_on), until))
    return found


def earlier(*ends: datetime | None) -> datetime | None:
    return min((one for one in ends if one), default=None)


def meet(one: Held, other: Held) -> str:
    """Why these two may not stand together; empty when they may."""
    forever = AT + timedelta(days=10_000)
    if max(one.start, other.start) >= min(one.end or forever, other.end or forever):
        return ""
    if one.person is not None and one.person == other.person:
        custody = {one.role, other.role} & CUSTODY and one.role != other.role
        if custody or crossed(PERSON, one.role, other.role):
            return "person"
    if one.body and one.body == other.body:
        if crossed(BODY, one.role, other.role):
            return "organisation"
        if on_one_lot(one.lot, other.lot) and crossed(LOT, one.role, other.role):
            return "lot"
    return ""


def on_one_lot(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (one == other or PROJECT in (one, other))


def crossed(table: Iterable[tuple[set[str], set[str]]], one: str, other: str) -> bool:
    return any((one in a and other in b) or (one in b and other in a) for a, b in table)


def judge() -> None:
    broken = [(a, b, meet(a, b)) for a, b in combinations(held(), 2) if meet(a, b)]
    assert broken == []
    for one in Grant.objects.exclude(granted_by=None).select_related("granted_by", "approved_by", "proposal"):
        assert len({one.account_id, one.granted_by_id, one.approved_by_id}) == 3
        assert one.proposal.proposed_by_id == one.granted_by_id
        assert one.granted_by.login not in PEOPLE or Grant.objects.filter(account=one.granted_by).exists()
        if one.role in WATCH | MANAGEMENT | CUSTODY:
            assert one.granted_by.login in STEWARDS and one.approved_by.login not in STEWARDS


@pytest.mark.django_db
def test_no_sequence_of_acts_brings_duties_together() -> None:
    """propose_grant, approve_grant, end_grant, give_mandate, end_mandate in any order, by anybody, for anybody."""
    counts = {"done": 0, "refused": 0}
    for uscc in (FIRST, SECOND):
        bodies.appointed(f"steward-{uscc}", "steward", uscc, at=AT)
    bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=AT)
    for login in PEOPLE:
        bodies.person(login, at=AT)

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(plans())
    def attack(steps: list[Step]) -> None:
        with transaction.atomic():
            for day, (name, step) in enumerate(steps):
                try:
                    with transaction.atomic():
                        ACTS[name](AT + timedelta(hours=8 * day), step)
                    counts["done"] += 1
                except (Refusal, Stale, NotVisible):
                    counts["refused"] += 1
            judge()
            transaction.set_rollback(True)

    attack()
    assert counts["done"] > 50 and counts["refused"] > 50, counts

"""Duties apart, as data: which two may not meet in one person, one organisation, one lot. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from tradehall.kernel.actor import Actor, Scope
from tradehall.parties.duties import GROUP, Duty, aparts, duty_violations
from tradehall.parties.roles import GROUPS, roles
from tradehall.parties.rules import may_see, sees

AT = datetime(2026, 9, 1, tzinfo=UTC)
A, B = "91990100MA0000AA0X", "91990100MA0000BB0X"
LOT, OTHER = "GC-2026-09-0001-001", "GC-2026-09-0002-001"


def met(first: Duty, second: Duty) -> bool:
    """The same whichever came first."""
    found = bool(duty_violations(first, [second]))
    assert found == bool(duty_violations(second, [first]))
    return found


PERSON = {
    "服务与管理": ("centre", "authority", True),
    "服务与监督": ("cashier", "supervisor", True),
    "管理与监督": ("authority", "auditor", True),
    "招标与投标": ("principal", "bidder", True),
    "抽取与评审": ("centre", "expert", True),
    "主持与评审": ("host", "expert", True),
    "监督与评审": ("supervisor", "expert", True),
    "纪检与评审": ("discipline", "expert", True),
    "保管密钥与任何职责": ("guardian", "steward", True),
    "公证与系统管理": ("notary", "administrator", True),
    "同一职责两次": ("guardian", "guardian", False),
    "招标与授权管理": ("principal", "steward", False),
    "服务与收款": ("centre", "cashier", False),
}


@pytest.mark.parametrize(("one", "other", "is_met"), PERSON.values(), ids=PERSON.keys())
def test_in_one_person_at_two_bodies(one: str, other: str, is_met: bool) -> None:
    assert met(Duty(one, "7", A), Duty(other, "7", B)) is is_met
    assert not met(Duty(one, "7", A), Duty(other, "8", B))


ORGANISATION = {
    "服务与管理": ("centre", "authority", True),
    "服务与监督": ("centre", "supervisor", True),
    "管理与监督": ("authority", "supervisor", True),
    "服务与代理": ("centre", "agency", True),
    "监督与投标": ("supervisor", "bidder", True),
    "招标与投标（不同标段）": ("principal", "bidder", False),
    "监督与保管": ("supervisor", "guardian", False),
}


@pytest.mark.parametrize(("one", "other", "is_met"), ORGANISATION.values(), ids=ORGANISATION.keys())
def test_in_one_organisation_by_two_people(one: str, other: str, is_met: bool) -> None:
    assert met(Duty(one, "7", A), Duty(other, "8", A)) is is_met


LOTS = {
    "招标与投标": ("principal", "bidder"),
    "代理与投标": ("agency", "bidder"),
    "保管与投标": ("guardian", "bidder"),
    "评审与投标": ("expert", "bidder"),
}


@pytest.mark.parametrize(("one", "other"), LOTS.values(), ids=LOTS.keys())
def test_on_one_lot(one: str, other: str) -> None:
    def at(lot: str | None) -> Duty:
        return Duty(other, "8", A, lot=lot)

    assert met(Duty(one, "7", A, lot=LOT), at(LOT))
    assert met(Duty(one, "7", A, lot=LOT[:-4]), at(LOT)), "a project stands for its lots"
    assert not met(Duty(one, "7", A, lot=LOT), at(OTHER)) and not met(Duty(one, "7", A, lot=LOT), at(None))


def test_only_while_both_count() -> None:
    first = Duty("principal", "7", A, until_at=AT)
    assert not met(first, Duty("bidder", "7", B, from_at=AT))
    assert met(first, Duty("bidder", "7", B, from_at=AT - timedelta(seconds=1)))
    assert met(Duty("principal", "7", A, from_at=AT + timedelta(days=9)), Duty("bidder", "7", B))


def test_a_blank_code_is_no_way_round() -> None:
    named = Duty("centre", "7", "", "云河 交易中心")
    assert met(named, Duty("supervisor", "8", A, "云河交易中心"))
    assert not met(Duty("centre", "7", A, "同名"), Duty("supervisor", "8", B, "同名")), "two codes are two bodies"


def test_every_row_says_why_and_names_known_sides() -> None:
    known = {"*", *roles(), *(f"{GROUP}{one}" for one in GROUPS)}
    assert len(aparts()) > 20
    for one in aparts():
        assert set(one.sides) <= known and one.within <= {"person", "organisation"} and one.within, one
        assert one.reason and one.basis


def test_every_role_can_be_granted_by_two_or_by_nobody() -> None:
    assert len(roles()) == 17
    for one in roles().values():
        assert one.group in GROUPS and bool(one.propose) == bool(one.approve), one
        assert (one.propose | one.approve) <= roles().keys()
        assert one.code == "system" or one.propose


SIGHT = {
    "本区": (Scope("supervisor", frozenset({"works"}), frozenset({"990102"})), "works", "990102", True),
    "邻区": (Scope("supervisor", frozenset({"works"}), frozenset({"990102"})), "works", "990101", False),
    "别的类别": (Scope("supervisor", frozenset({"works"}), frozenset({"990102"})), "land", "990102", False),
    "全市": (Scope("supervisor", frozenset({"works"}), frozenset({"990100"})), "works", "990101", True),
    "别的市": (Scope("supervisor", frozenset({"works"}), frozenset({"990100"})), "works", "310115", False),
    "全省": (Scope("auditor", None, frozenset({"310000"})), "land", "310115", True),
    "没有写明区划的项目": (Scope("auditor", None, frozenset({"310000"})), "land", None, False),
    "没有指明范围": (Scope("supervisor", frozenset(), frozenset()), "works", "990102", False),
    "不受约束": (Scope("centre"), "works", None, True),
}


@pytest.mark.parametrize(("scope", "line", "district", "is_seen"), SIGHT.values(), ids=SIGHT.keys())
def test_sight_follows_line_and_district(scope: Scope, line: str, district: str | None, is_seen: bool) -> None:
    assert may_see(scope, line, district) is is_seen
    by = Actor("person", "7", "甲", roles=frozenset({scope.role}), scopes=(scope,))
    assert sees(by, frozenset({scope.role}), line, district) is is_seen
    assert not sees(by, frozenset({"guardian"}), line, district)

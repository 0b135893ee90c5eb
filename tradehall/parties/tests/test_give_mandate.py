"""give_mandate, end_mandate: a principal lets an agency act for him, for a time, on paper; then no longer."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.kernel.times import BEIJING
from tradehall.parties import selectors
from tradehall.parties.models import Mandate
from tradehall.parties.services import end_mandate, give_mandate
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
OWNER, DESK, OTHER = bodies.code_of("MA0000PR"), bodies.code_of("MA0000AG"), bodies.code_of("MA0000QT")
UNTIL = date(2026, 9, 30)


def principal() -> Actor:
    bodies.register(DESK, at=AT)
    return bodies.appointed("lin", "principal", OWNER, at=AT)


def given(**stated: Any) -> Mandate:
    by = stated.pop("by", None) or principal()
    values = {"agency_uscc": DESK, "lines": ["works"], "from_on": AT.date(), "until_on": UNTIL, **stated}
    return give_mandate(by=by, at=AT, document_sha256=values.pop("paper", bodies.paper(by, at=AT)), **values)


def refused(**stated: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        given(**stated)
    return [one.code for one in caught.value.violations]


def stands(at: datetime, line: str = "works", client: str = OWNER, project_no: str | None = None) -> str:
    """What an agency is told; empty when it may act."""
    by = Actor("person", "zhou", "周", DESK, frozenset({"agency"}), client=client)
    found = selectors.mandate_violations(by, at, OWNER, line, project_no)
    return "；".join(one.message for one in found)


def test_it_covers_its_lines_until_its_last_day() -> None:
    one = given()
    assert stands(AT) == "" and stands(datetime(2026, 9, 30, 23, 59, tzinfo=BEIJING)) == ""
    assert f"{one.mandate_no} 已到期" in stands(datetime(2026, 10, 1, 0, 0, tzinfo=BEIJING))
    assert "没有有效的委托书" in stands(AT, line="land")
    assert "请先切换委托人" in stands(AT, client=OTHER)


def test_it_may_name_projects_only() -> None:
    given(lines=[], projects=["GC-2026-09-0001"])
    assert stands(AT, project_no="GC-2026-09-0001") == "" and stands(AT, project_no="GC-2026-09-0002")


def test_either_party_ends_it_at_once() -> None:
    agent = bodies.appointed("zhou", "agency", DESK, at=AT)
    for by in (principal(), agent):
        one = given()
        end_mandate(by=by, at=AT + timedelta(hours=1), mandate_no=one.mandate_no, reason="合同解除")
        assert "已终止" in stands(AT + timedelta(hours=1)) and stands(AT) == ""
        with pytest.raises(Stale):
            end_mandate(by=by, at=AT + timedelta(hours=2), mandate_no=one.mandate_no, reason="再次")


def test_who_may_not() -> None:
    stranger = bodies.appointed("zhao", "principal", OTHER, at=AT)
    one = given()
    with pytest.raises(NotVisible):
        end_mandate(by=stranger, at=AT, mandate_no=one.mandate_no, reason="不该")
    agent = bodies.appointed("zhou", "agency", DESK, at=AT)
    assert "parties.principal" in refused(by=agent, agency_uscc=OWNER)
    forged = Actor("person", "zhao", "赵", OWNER, frozenset({"principal"}))
    assert "parties.principal" in refused(by=forged)


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有范围": ({"lines": []}, "parties.scope"),
    "没有这个类别": ({"lines": ["ships"]}, "parties.scope"),
    "委托自己": ({"agency_uscc": OWNER}, "parties.agency"),
    "没有登记": ({"agency_uscc": "91990100MA0000ZZ00"}, "parties.agency"),
    "从昨天起": ({"from_on": AT.date() - timedelta(days=1)}, "parties.period"),
    "先止后起": ({"until_on": AT.date() - timedelta(days=1)}, "parties.period"),
    "没有委托书": ({"paper": ""}, "parties.paper"),
    "没有上传": ({"paper": "0" * 64}, "parties.paper"),
}


@pytest.mark.parametrize(("stated", "code"), CASES.values(), ids=CASES.keys())
def test_what_is_wrong_is_named(stated: dict[str, Any], code: str) -> None:
    assert code in refused(**stated)
    assert not Mandate.objects.exists()


def test_a_body_that_serves_or_watches_is_no_agency() -> None:
    bodies.appointed("sun", "steward", DESK, at=AT)
    bodies.grant("zheng", "supervisor", DESK, at=AT, lines=["works"], districts=["990100"])
    assert "parties.duties" in refused()


def test_an_agency_with_a_mandate_does_not_bid_for_it() -> None:
    given(lines=[], projects=["GC-2026-09-0001"])
    bodies.person("wu", at=AT)
    with pytest.raises(Refusal, match="代理机构不得在所代理的标段中投标"):
        bodies.grant("wu", "bidder", DESK, at=AT, lot_no="GC-2026-09-0001-002")
    bodies.grant("wu", "bidder", DESK, at=AT, lot_no="GC-2026-09-0009-001")


def test_what_it_leaves_only_grows() -> None:
    one = given()
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'parties.give_mandate'")
        [(body,)] = cursor.fetchall()
    assert one.document_sha256 in body and '"lin"' not in body
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        Mandate.objects.update(until_on=UNTIL + timedelta(days=99))

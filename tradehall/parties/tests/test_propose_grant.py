"""propose_grant: somebody asks for another, as the role allows, and nothing is granted by it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import Refusal
from tradehall.kernel.times import BEIJING
from tradehall.parties import selectors
from tradehall.parties.models import GrantProposal
from tradehall.parties.services import propose_grant
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
FIRM, OFFICE = bodies.code_of("MA0000FA"), bodies.code_of("MA0000QF")


def clerk() -> Actor:
    bodies.person("li", at=AT)
    bodies.register(FIRM, at=AT)
    return bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=AT)


def proposed(**stated: Any) -> GrantProposal:
    values = {"by": clerk(), "login": "li", "role": "bidder", "organisation_uscc": FIRM, **stated}
    return propose_grant(at=AT, **values)


def refused(**stated: Any) -> list[str]:
    with pytest.raises(Refusal) as caught:
        proposed(**stated)
    return [one.code for one in caught.value.violations]


def test_it_waits_for_another_and_grants_nothing() -> None:
    one = proposed()
    assert [found.state for found in selectors.proposals(FIRM, only_open=True)] == ["open"]
    assert selectors.grants(bodies.person("li", at=AT), AT) == []
    with connection.cursor() as cursor:
        cursor.execute("select subject_no, body from journal_entry where code = 'parties.propose_grant' order by id")
        subject_no, body = cursor.fetchall()[-1]
    assert subject_no == str(one.pk) and FIRM in body and '"li"' not in body


def test_nobody_proposes_for_himself() -> None:
    assert "parties.two_people" in refused(login=bodies.CLERK)
    with pytest.raises(IntegrityError), transaction.atomic():
        me = bodies.person("li", at=AT)
        GrantProposal.objects.create(account=me, role="bidder", proposed_by=me, proposed_at=AT)


def test_who_may_not() -> None:
    outsider = bodies.appointed("wang", "bidder", FIRM, at=AT)
    for by in (outsider, PLATFORM, Actor("system", "x", "某系统"), Actor("person", "nobody", "某人")):
        assert "parties.power" in refused(by=by, login="li")


def test_a_steward_only_for_his_own_organisation() -> None:
    steward = bodies.appointed("sun", "steward", FIRM, at=AT)
    assert proposed(by=steward).proposer_uscc == FIRM
    bodies.register(OFFICE, at=AT)
    assert "parties.power" in refused(by=steward, organisation_uscc=OFFICE)


def test_roles_held_are_read_anew_not_from_the_session() -> None:
    forged = Actor("person", "li", "李", bodies.CENTRE, frozenset({"centre", "administrator"}))
    bodies.person("zhao", at=AT)
    assert "parties.power" in refused(by=forged, login="zhao")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有这种角色": ({"role": "king"}, "parties.role"),
    "系统不是人": ({"role": "system"}, "parties.role"),
    "没有单位": ({"organisation_uscc": ""}, "parties.organisation"),
    "单位未登记": ({"organisation_uscc": OFFICE}, "parties.organisation"),
    "没有账号": ({"login": "ghost"}, "parties.account"),
    "已经过期": ({"until_at": AT}, "parties.period"),
    "先止后起": ({"from_at": AT + timedelta(days=2), "until_at": AT + timedelta(days=1)}, "parties.period"),
    "不划分范围的角色": ({"districts": ["990101"]}, "parties.scope"),
}


@pytest.mark.parametrize(("stated", "code"), CASES.values(), ids=CASES.keys())
def test_what_is_wrong_is_named(stated: dict[str, Any], code: str) -> None:
    assert code in refused(**stated)
    assert not GrantProposal.objects.filter(account__login="li").exists()


def test_a_supervisor_names_lines_and_districts() -> None:
    steward = bodies.appointed("sun", "steward", OFFICE, at=AT)
    stated = {"by": steward, "organisation_uscc": OFFICE, "role": "supervisor"}
    assert refused(**stated) == ["parties.scope", "parties.scope"]
    assert refused(**stated, lines=["ships"], districts=["000001"]) == ["parties.scope", "parties.scope"]
    assert proposed(**stated, lines=["works"], districts=["990102"]).districts == ["990102"]


def test_duties_that_may_not_meet_are_refused_with_the_reason() -> None:
    bodies.appointed("li", "principal", FIRM, at=AT)
    with pytest.raises(Refusal, match="不得由同一人办理") as caught:
        proposed()
    assert caught.value.violations[0].basis

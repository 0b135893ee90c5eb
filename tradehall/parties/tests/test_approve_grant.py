"""approve_grant, refuse_grant, end_grant: a second person decides once; what is ended ends at once and stays on record."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.kernel.times import BEIJING
from tradehall.parties import selectors
from tradehall.parties.models import Grant, GrantEnding, GrantProposal, GrantRefusal
from tradehall.parties.services import approve_grant, end_grant, propose_grant, refuse_grant
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
LATER = AT + timedelta(hours=1)
FIRM, OFFICE = bodies.code_of("MA0000FA"), bodies.code_of("MA0000QF")


def proposal(login: str = "li", role: str = "bidder", uscc: str = FIRM) -> GrantProposal:
    bodies.person(login, at=AT)
    bodies.register(uscc, at=AT)
    by = bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=AT)
    return propose_grant(by=by, at=AT, login=login, role=role, organisation_uscc=uscc)


def first() -> Actor:
    return bodies.administrators(at=AT)[0]


def roles_of(login: str, at: datetime = LATER, uscc: str = FIRM) -> frozenset[str]:
    return bodies.acting(login, uscc, at=at).roles


def test_two_others_make_a_grant() -> None:
    grant = approve_grant(by=first(), at=LATER, proposal_id=proposal().pk)
    assert roles_of("li") == {"bidder"} and roles_of("li", AT) == frozenset()
    assert len({grant.account_id, grant.granted_by_id, grant.approved_by_id}) == 3
    with pytest.raises(Stale):
        approve_grant(by=first(), at=LATER, proposal_id=grant.proposal_id)


def test_who_proposed_may_not_approve_nor_whom_it_is_for() -> None:
    one = proposal()
    proposer = bodies.acting(bodies.CLERK, bodies.CENTRE, at=AT)
    with pytest.raises(Refusal, match="另外两人"):
        approve_grant(by=proposer, at=LATER, proposal_id=one.pk)
    for_first = proposal(bodies.FIRST, "steward")
    with pytest.raises(Refusal, match="另外两人"):
        approve_grant(by=first(), at=LATER, proposal_id=for_first.pk)


def test_who_may_not() -> None:
    one = proposal()
    with pytest.raises(Refusal, match="只能由"):
        approve_grant(by=bodies.appointed("sun", "steward", FIRM, at=AT), at=LATER, proposal_id=one.pk)
    with pytest.raises(NotVisible):
        approve_grant(by=first(), at=LATER, proposal_id=one.pk + 1000)


def test_duties_are_judged_again_when_it_begins() -> None:
    buyer, seller = proposal("li", "principal"), proposal("li", "bidder", OFFICE)
    approve_grant(by=first(), at=LATER, proposal_id=buyer.pk)
    with pytest.raises(Refusal, match="不得由同一人办理"):
        approve_grant(by=first(), at=LATER, proposal_id=seller.pk)
    assert Grant.objects.filter(proposal=seller).count() == 0


def test_refusing_decides_once_and_says_why() -> None:
    one = proposal()
    with pytest.raises(Refusal, match="理由"):
        refuse_grant(by=first(), at=LATER, proposal_id=one.pk, reason=" ")
    refuse_grant(by=first(), at=LATER, proposal_id=one.pk, reason="不是本单位人员")
    [found] = selectors.proposals(FIRM)
    assert found.state == "refused" and found.refusal is not None and found.refusal.reason == "不是本单位人员"
    with pytest.raises(Stale):
        approve_grant(by=first(), at=LATER, proposal_id=one.pk)


def test_an_ended_grant_ends_at_once_and_stays_on_record() -> None:
    grant = approve_grant(by=first(), at=LATER, proposal_id=proposal().pk)
    end_grant(by=first(), at=LATER + timedelta(minutes=1), grant_id=grant.pk, reason="离职")
    assert roles_of("li", LATER + timedelta(minutes=1)) == frozenset() and roles_of("li", LATER) == {"bidder"}
    with pytest.raises(Stale):
        end_grant(by=first(), at=LATER + timedelta(minutes=2), grant_id=grant.pk, reason="再次")


def test_one_may_lay_down_his_own_and_nobody_elses() -> None:
    mine = approve_grant(by=first(), at=LATER, proposal_id=proposal().pk)
    other = approve_grant(by=first(), at=LATER, proposal_id=proposal("qian").pk)
    me = bodies.acting("li", FIRM, at=LATER)
    with pytest.raises(Refusal, match="只能由"):
        end_grant(by=me, at=LATER, grant_id=other.pk, reason="试试")
    assert end_grant(by=me, at=LATER, grant_id=mine.pk, reason="辞去").reason == "辞去"


def test_the_database_holds_it_too() -> None:
    one = proposal()
    li, clerk = bodies.person("li", at=AT), bodies.person(bodies.CLERK, at=AT)
    stated = {"proposal": one, "role": "bidder", "organisation_uscc": FIRM, "from_at": AT, "created_at": AT}
    root = bodies.person(bodies.FIRST, at=AT)
    forged = (
        {"account": li, "granted_by": clerk, "approved_by": clerk},
        {"account": li, "granted_by": clerk, "approved_by": li},
        {"account": li, "granted_by": clerk, "approved_by": None},
        {"account": root, "granted_by": clerk, "approved_by": li},
        {"account": li, "granted_by": root, "approved_by": clerk},
        {"account": li, "granted_by": clerk, "approved_by": root, "role": "centre"},
    )
    for values in forged:
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**{**stated, **values})
    refuse_grant(by=first(), at=LATER, proposal_id=one.pk, reason="不同意")
    with pytest.raises(IntegrityError, match="has been decided"), transaction.atomic():
        Grant.objects.create(**stated, account=li, granted_by=clerk, approved_by=root)


@pytest.mark.parametrize("model", [Grant, GrantEnding, GrantProposal, GrantRefusal])
def test_nothing_is_rewritten(model: type) -> None:
    one = proposal()
    refuse_grant(by=first(), at=LATER, proposal_id=one.pk, reason="不同意")
    other = approve_grant(by=first(), at=LATER, proposal_id=proposal().pk)
    end_grant(by=first(), at=LATER, grant_id=other.pk, reason="离职")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from {model._meta.db_table}")


def test_a_supervisor_is_approved_from_outside_his_body() -> None:
    steward = bodies.appointed("sun", "steward", OFFICE, at=AT)
    bodies.person("zheng", at=AT)
    values = {"login": "zheng", "role": "supervisor", "lines": ["works"], "districts": ["990102"]}
    one = propose_grant(by=steward, at=AT, organisation_uscc=OFFICE, **values)
    approve_grant(by=first(), at=LATER, proposal_id=one.pk)
    by = bodies.acting("zheng", OFFICE, at=LATER)
    assert [(scope.lines, scope.districts) for scope in by.scopes] == [(frozenset({"works"}), frozenset({"990102"}))]

"""The first two administrators come from the command line; a third only from two people."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import Refusal
from tradehall.parties import selectors
from tradehall.parties.services import end_grant, found_administrator
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


def test_two_and_no_more() -> None:
    bodies.administrators(at=AT)
    bodies.person("third", at=AT)
    assert selectors.administrators(AT) == 2
    with pytest.raises(Refusal, match="已有 2 名"):
        found_administrator(by=PLATFORM, at=AT, login="third")
    assert bodies.grant("third", "administrator", at=AT).granted_by is not None
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry where body like '%by_command%'")
        assert cursor.fetchone() == (4,), "both acts of both"


def test_nobody_but_the_command_line() -> None:
    bodies.person("li", at=AT)
    for by in (Actor("person", "li", "李"), Actor("system", "x", "某系统")):
        with pytest.raises(Refusal, match="本机命令"):
            found_administrator(by=by, at=AT, login="li")


def test_a_house_that_lost_one_may_be_helped_again() -> None:
    first, second = bodies.administrators(at=AT)
    [one] = selectors.grants(bodies.person(second.id, at=AT), AT)
    end_grant(by=first, at=AT, grant_id=one.pk, reason="离职")
    bodies.person("third", at=AT)
    found_administrator(by=PLATFORM, at=AT, login="third")
    assert selectors.administrators(AT) == 2

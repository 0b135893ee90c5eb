"""For whom one acts: always shown, switched in two clicks, read anew each time; clients of an agency in the bar (G2, X15)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tradehall.accounts.tests.entering import entered
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.parties.models import Mandate
from tradehall.parties.services import end_grant, end_mandate, give_mandate, propose_grant
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
ONE, TWO, DESK = bodies.code_of("MA0000AA"), bodies.code_of("MA0000BB"), bodies.code_of("MA0000CC")


def signed_in(login: str) -> Client:
    return entered(bodies.person(login, at=platform_now()))


def text(client: Client, path: str = "/desk") -> str:
    return client.get(path).content.decode()


def with_two_bodies() -> Client:
    at = platform_now()
    bodies.body(ONE, "云河市水务局", at=at)
    bodies.body(TWO, "云河市教育局", at=at)
    for uscc in (ONE, TWO):
        bodies.appointed("lin", "principal", uscc, at=at)
    return signed_in("lin")


def an_agency() -> tuple[Client, Mandate]:
    at = platform_now()
    mandate = bodies.mandated(ONE, "云河市水务局", DESK, "云河明诚咨询", at=at)
    bodies.appointed("zhou", "agency", DESK, at=at)
    return signed_in("zhou"), mandate


def test_the_current_body_is_on_every_page_and_another_is_two_clicks_away() -> None:
    client = with_two_bodies()
    for path in ("/desk", "/rules", "/guide"):
        assert "代表<b>云河市水务局</b>" in text(client, path)
    assert f'<button name="organisation" value="{TWO}"' in text(client)
    answer = client.post("/acting-for", {"organisation": TWO, "next": "/rules"})
    assert answer.headers["Location"] == "/rules"
    assert "代表<b>云河市教育局</b>" in text(client, "/rules")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_switch_never_leads_outside(target: str) -> None:
    client = with_two_bodies()
    assert client.post("/acting-for", {"organisation": TWO, "next": target}).headers["Location"] == "/desk"


def test_what_was_not_granted_cannot_be_chosen() -> None:
    client = with_two_bodies()
    client.post("/acting-for", {"organisation": DESK})
    assert "代表<b>云河市水务局</b>" in text(client)


def test_an_ended_grant_ends_in_the_open_session() -> None:
    client, at = with_two_bodies(), platform_now()
    client.post("/acting-for", {"organisation": TWO})
    by = bodies.acting("lin", TWO, at=at)
    [grant] = [one for one in parties.grants(bodies.person("lin", at=at), at) if one.organisation_uscc == TWO]
    end_grant(by=by, at=platform_now(), grant_id=grant.pk, reason="离职")
    assert "代表<b>云河市水务局</b>" in text(client) and "云河市教育局" not in text(client)


def test_visitors_see_no_bar_and_are_led_to_the_login() -> None:
    assert 'class="acting' not in text(Client(), "/rules")
    assert Client().get("/desk/grants").headers["Location"] == "/login?next=/desk/grants"


def test_the_bar_names_client_and_mandate_with_its_expiry() -> None:
    client, mandate = an_agency()
    assert "没有选择委托人" in text(client)
    client.post("/acting-for", {"organisation": DESK, "client": ONE})
    shown = text(client, "/rules")
    assert "云河市水务局" in shown and mandate.mandate_no in shown and mandate.until_on.isoformat() in shown


def test_the_bar_says_that_an_ended_mandate_blocks() -> None:
    client, mandate = an_agency()
    client.post("/acting-for", {"organisation": DESK, "client": ONE})
    by = bodies.acting("zhou", DESK, at=platform_now())
    end_mandate(by=by, at=platform_now(), mandate_no=mandate.mandate_no, reason="合同解除")
    assert "已终止" in text(client) and "不能办理" in text(client)


def test_the_desk_begins_with_what_is_to_be_done() -> None:
    client, at = signed_in(bodies.FIRST), platform_now()
    bodies.administrators(at=at)
    assert "没有待办" in text(client)
    bodies.person("li", at=at)
    bodies.register(ONE, at=at)
    clerk = bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=at)
    propose_grant(by=clerk, at=at, login="li", role="bidder", organisation_uscc=ONE)
    shown = text(client)
    assert "批准授权：li（测试）" in shown and shown.index("批准授权") < shown.index("我的身份")


def test_a_mandate_that_soon_ends_is_work_for_both() -> None:
    client, _ = an_agency()
    at = platform_now()
    by, today = bodies.acting(f"principal-{ONE}", ONE, at=at), to_beijing(at).date()
    values: dict[str, Any] = {"agency_uscc": DESK, "lines": ["land"], "from_on": today}
    give_mandate(by=by, at=at, until_on=today + timedelta(days=3), document_sha256=bodies.paper(by, at=at), **values)
    assert "委托书到期" in text(client)


def proposed(client: Client, **stated: str) -> Any:
    return client.post("/desk/grants", {"login": "li", "role": "bidder", "organisation_uscc": ONE, **stated})


def test_a_grant_goes_through_two_desks() -> None:
    at = platform_now()
    bodies.person("li", at=at)
    bodies.register(ONE, at=at)
    bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=at)
    maker, checker = signed_in(bodies.CLERK), signed_in(bodies.FIRST)
    assert proposed(maker).headers["Location"] == "/desk/grants"
    number = parties.proposals(ONE)[0].proposal.pk
    assert maker.post(f"/desk/grants/proposals/{number}/approve").status_code == 400
    assert checker.post(f"/desk/grants/proposals/{number}/approve").status_code == 302
    assert checker.post(f"/desk/grants/proposals/{number}/approve").status_code == 409
    by: Actor = bodies.acting("li", ONE, at=platform_now())
    assert by.roles == {"bidder"}


def test_what_was_typed_is_kept_beside_what_is_wrong() -> None:
    bodies.appointed(bodies.CLERK, "centre", bodies.CENTRE, at=platform_now())
    answer = proposed(signed_in(bodies.CLERK), login="ghost", until_on="明年")
    assert answer.status_code == 400 and 'value="明年"' in answer.content.decode()
    answer = proposed(signed_in(bodies.CLERK), login="ghost")
    shown = answer.content.decode()
    assert 'value="ghost"' in shown and "没有这个账号" in shown and 'href="#id_login"' in shown

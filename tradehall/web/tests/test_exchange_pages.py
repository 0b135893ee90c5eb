"""The pages about data exchange: the public figure, the centre's monitor, the supervisors' live events."""

from datetime import datetime

import pytest
from django.test import Client

from tradehall.accounts.services import add_system
from tradehall.exchange.models import RefusedRecord, Webhook
from tradehall.exchange.tests.peers import WORKS, receive, record, registered
from tradehall.exchange.tests.test_events import event
from tradehall.exchange.tests.test_quality import result
from tradehall.exchange.webhooks import add_webhook
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.parties.tests import bodies

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(role: str, at: datetime, **bounds: object) -> Client:
    login = f"test-{role}"
    bodies.appointed(login, role, bodies.code_of("MA0001AX"), at=at, **bounds)
    client = Client()
    client.force_login(bodies.person(login, at=at), backend=BACKEND)
    return client


def test_anybody_sees_how_good_the_data_of_each_system_is() -> None:
    registered()
    receive(result(0), result(1, WIN_BIDDER_NAME=None), record("EXPERT_EVALUATION", 1))
    page = Client().get("/figures/quality?days=1").content.decode()
    assert "甲交易系统" in page and "50.0%" in page
    items = Client().get("/figures/quality.json").json()["items"]
    assert [(one["system"], one["accepted"], one["complete"]) for one in items] == [("works-a", 2, 1)]
    assert "works-a,2," in Client().get("/figures/quality.csv").content.decode()


def test_the_centre_sees_what_was_refused_and_why_and_has_it_judged_again() -> None:
    registered()
    receive(result(0), result(1, WIN_BIDDER_CODE="91990100000000000B"))
    centre = signed_in("centre", platform_now())
    page = centre.get("/desk/exchange").content.decode()
    assert "WIN_BIDDER_CODE" in page and "重新判定" in page and "甲交易系统" in page
    refusal = RefusedRecord.objects.get()
    answer = centre.post(f"/desk/exchange/refusals/{refusal.refusal_no}/rejudge", follow=True)
    assert "仍不合要求" in answer.content.decode()
    assert centre.post("/desk/exchange/refusals/none/rejudge").status_code == 404


def test_the_centre_sees_a_paused_webhook_without_its_secret_part_and_goes_on() -> None:
    registered()
    made = add_webhook(
        by=PLATFORM, at=platform_now(), system=WORKS.id, url="http://127.0.0.1:9/hook?key=in-the-address"
    )
    Webhook.objects.update(paused_at=platform_now(), problem="HTTP 500；已暂停")
    centre = signed_in("centre", platform_now())
    page = centre.get("/desk/exchange").content.decode()
    assert "已暂停" in page and "127.0.0.1:9/hook" in page and "in-the-address" not in page and made.secret not in page
    address = f"/desk/exchange/webhooks/{made.webhook.webhook_no}/resend"
    assert centre.post(address, {"after": "x"}).status_code == 400
    assert centre.post(address, {"after": "0"}).status_code == 302
    assert Webhook.objects.get().paused_at is None


def test_a_supervisor_sees_open_events_of_his_lines_and_districts_only() -> None:
    registered()
    add_system(by=PLATFORM, at=platform_now(), code="land-a", name="乙交易系统", line="land")
    receive(event("opening_begun", 0), event("bid_received", 1))
    at = platform_now()
    mine = signed_in("supervisor", at, lines=["works"], districts=["990100"])
    page = mine.get("/desk/events").content.decode()
    assert "开标开始" in page and "收到投标" not in page
    other = signed_in("discipline", at, districts=["310000"])
    assert "开标开始" not in other.get("/desk/events").content.decode()
    sent = event("opening_begun", 0)["fields"]
    assert isinstance(sent, dict)
    denied = other.get("/desk/events", {"q": sent["TENDER_PROJECT_CODE"]})
    assert denied.status_code == 403 and "不在您的监督范围内" in denied.content.decode()

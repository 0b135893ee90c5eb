"""Signing out: on the platform, at the wish of a system, or because a role ended. Who is told, how, and how often."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tradehall.accounts import services, tasks
from tradehall.accounts.models import SignIn
from tradehall.accounts.oidc import logout
from tradehall.accounts.oidc.models import ClientSystem, LogoutDelivery, TokenFamily
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Refusal
from tradehall.parties import services as parties
from tradehall.parties import tasks as tasks_of_parties
from tradehall.parties.tests import bodies
from tradehall.web.tests.relying import GOODBYE, Relying, answered, person, read_unchecked, register, signed_in

pytestmark = pytest.mark.django_db


class Listener:
    """A system's back channel: keeps what it was sent and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answers = [200]
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.heard.append(parse_qs(body)["logout_token"][0])
                self.send_response(listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0])
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/backchannel"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def works() -> Relying:
    return Relying(register(), signed_in(person()))


def jobs() -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=tasks.families.SEND_LOGOUT).order_by("id")]


def test_signing_out_ends_every_token_and_tells_every_system_once(works: Relying) -> None:
    other = Relying(register("采购交易系统"), works.browser)
    first, again, second = works.tokens(), works.tokens(), other.tokens()
    sign_in = SignIn.objects.get()
    services.end_sign_in(at=timezone.now(), sign_in=sign_in)
    assert [works.refresh(one["refresh_token"])[0] for one in (first, again)] == [400, 400]
    assert other.userinfo(second["access_token"]).status_code == 401
    assert [job["sid"] for job in jobs()] == [sign_in.sid] * 2
    assert {job["system_id"] for job in jobs()} == set(ClientSystem.objects.values_list("pk", flat=True))


def test_the_logout_token_is_signed_for_one_system_and_says_no_more_than_it_must(
    works: Relying, listener: Listener
) -> None:
    ClientSystem.objects.update(backchannel_href=listener.address)
    sub = read_unchecked(works.tokens()["id_token"])["sub"]
    services.end_sign_in(at=timezone.now(), sign_in=SignIn.objects.get())
    tasks.send_logout(**jobs()[0])
    key = jwt.PyJWKSet.from_dict(json.loads(Client().get("/oidc/jwks.json").content)).keys[0]
    claims = jwt.decode(
        listener.heard[0], key, ["RS256"], audience=works.client_id, issuer=settings.SITE_URL,
        options={"require": ["iat", "exp", "jti", "sid"]},
    )  # fmt: skip
    assert jwt.get_unverified_header(listener.heard[0])["typ"] == "logout+jwt"
    assert claims["sid"] == SignIn.objects.get().sid and claims["sub"] == sub
    assert claims["events"] == {logout.EVENT: {}} and "nonce" not in claims
    made = LogoutDelivery.objects.get()
    assert (made.status, made.number, made.token_id) == (200, 1, claims["jti"])


def test_a_system_that_fails_is_told_again_within_a_minute(works: Relying, listener: Listener) -> None:
    ClientSystem.objects.update(backchannel_href=listener.address)
    listener.answers = [503, 500, 200]
    works.tokens()
    services.end_sign_in(at=timezone.now(), sign_in=SignIn.objects.get())
    for _ in range(2):
        with pytest.raises(tasks.NotDelivered):
            tasks.send_logout(**jobs()[0])
    tasks.send_logout(**jobs()[0])
    assert [one.status for one in LogoutDelivery.objects.order_by("number")] == [503, 500, 200]
    assert len({read_unchecked(token)["jti"] for token in listener.heard}) == 3
    waits = [tasks.Patience().get_retry_decision(exception=tasks.NotDelivered(), job=_tried(n)) for n in range(9)]
    assert waits[-1] is None and all(waits[:-1])
    assert sum(logout.WAITS[:5]) <= 60


def _tried(attempts: int) -> Any:
    return ProcrastinateJob(attempts=attempts)


@pytest.mark.parametrize("status", [302, 400, 404])
def test_an_answer_that_is_no_failure_is_not_repeated_and_no_redirect_is_followed(
    works: Relying, listener: Listener, status: int
) -> None:
    ClientSystem.objects.update(backchannel_href=listener.address)
    listener.answers = [status]
    works.tokens()
    services.end_sign_in(at=timezone.now(), sign_in=SignIn.objects.get())
    tasks.send_logout(**jobs()[0])
    assert LogoutDelivery.objects.get().status == status and len(listener.heard) == 1


def test_a_system_signs_its_person_out_after_asking_him(works: Relying) -> None:
    hint = works.tokens()["id_token"]
    stated = {"id_token_hint": hint, "post_logout_redirect_uri": GOODBYE, "state": "bye"}
    page = works.browser.get("/oidc/logout", stated)
    assert page.status_code == 200 and 'method="post"' in page.content.decode()
    assert SignIn.objects.get().ended_at is None
    answer = works.browser.post(f"/oidc/logout/confirm?{page.request['QUERY_STRING']}", {"action": "logout"})
    assert answer.headers["Location"] == f"{GOODBYE}?state=bye"
    assert SignIn.objects.get().ended_at is not None and len(jobs()) == 1
    assert works.browser.get("/oidc/logout", stated).headers["Location"] == f"{GOODBYE}?state=bye"


def test_he_may_leave_one_system_only(works: Relying) -> None:
    tokens = works.tokens()
    query = f"id_token_hint={tokens['id_token']}&post_logout_redirect_uri={GOODBYE}"
    assert works.browser.post(f"/oidc/logout/confirm?{query}", {"action": "stay"}).headers["Location"] == GOODBYE
    assert works.refresh(tokens["refresh_token"])[0] == 400
    assert SignIn.objects.get().ended_at is None


@pytest.mark.parametrize("back", ["https://evil.example/", f"{GOODBYE}/", f"{GOODBYE}?x=1", "//evil.example"])
def test_nobody_is_sent_to_a_foreign_address_after_signing_out(works: Relying, back: str) -> None:
    hint = works.tokens()["id_token"]
    for browser in (works.browser, Client()):
        answer = browser.get("/oidc/logout", {"id_token_hint": hint, "post_logout_redirect_uri": back})
        assert answer.status_code == 400 and "Location" not in answer.headers
    bare = Client().get("/oidc/logout", {"post_logout_redirect_uri": GOODBYE})
    assert bare.status_code == 400
    other = register("别的系统", redirect="https://other.example/in")
    mixed = {"id_token_hint": hint, "client_id": other.system.client_id}
    assert works.browser.get("/oidc/logout", mixed).status_code == 400


def test_a_foreign_form_signs_nobody_out(works: Relying) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = works.browser.cookies
    assert strict.post("/oidc/logout/confirm", {"action": "logout"}).status_code == 403
    assert strict.post("/oidc/logout", {"action": "logout", "state": "x"}).headers["Location"] == "/oidc/logout?state=x"
    assert SignIn.objects.get().ended_at is None


def test_ending_a_role_ends_what_was_opened_with_it_and_nothing_else() -> None:
    at = platform_now()
    one, other = bodies.code_of("MA0000AA"), bodies.code_of("MA0000BB")
    bodies.appointed("lin", "bidder", one, at=at)
    bodies.appointed("lin", "bidder", other, at=at)
    works = Relying(register(), signed_in(bodies.person("lin", at=at)))
    first, second = works.tokens(one), works.tokens(other, prompt="consent")
    told = json.loads(works.userinfo(first["access_token"]).content)
    assert (told["org_code"], told["roles"]) == (one, ["bidder"]) and told["org_name"]
    _end_grant("lin", one)
    assert works.refresh(first["refresh_token"])[0] == 400
    assert works.refresh(second["refresh_token"])[0] == 200
    assert len(jobs()) == 1
    assert sorted(TokenFamily.objects.values_list("cause", flat=True)) == ["", "grant_ended"]


def test_a_role_that_ran_out_by_the_clock_is_noticed_at_the_next_refresh() -> None:
    at = platform_now()
    one = bodies.code_of("MA0000AA")
    bodies.appointed("lin", "bidder", one, at=at)
    works = Relying(register(), signed_in(bodies.person("lin", at=at)))
    tokens = works.tokens(one)
    TokenFamily.objects.update(roles=["bidder", "agency"])
    assert works.refresh(tokens["refresh_token"])[0] == 400
    assert TokenFamily.objects.get().cause == "role_ended" and len(jobs()) == 1


def came_in_for_an_agency(ago_days: int = 0) -> tuple[Relying, dict[str, str]]:
    """Somebody who came into a system as an agency, with a mandate of one year given so many days ago."""
    at = platform_now() - timedelta(days=ago_days)
    agency, principal = bodies.code_of("MA0000AA"), bodies.code_of("MA0000BB")
    bodies.appointed("lin", "agency", agency, at=at)
    bodies.mandated(principal, "", agency, "", at=at)
    works = Relying(register(), signed_in(bodies.person("lin", at=at)))
    return works, works.tokens(agency)


@pytest.mark.parametrize("days", [0, 366])
def test_a_mandate_that_ran_out_by_its_date_closes_what_it_had_opened(days: int) -> None:
    came_in_for_an_agency()
    assert parties.end_expired(at=platform_now() + timedelta(days=days)) == (1 if days else 0)
    assert TokenFamily.objects.get().cause == ("mandate_expired" if days else "")
    assert len(jobs()) == (1 if days else 0)


def test_a_refresh_notices_a_mandate_that_ran_out_before_the_worker_did() -> None:
    works, tokens = came_in_for_an_agency(ago_days=400)
    status, tokens = works.refresh(tokens["refresh_token"])  # it had run out before he came in: nothing is new
    assert status == 200
    TokenFamily.objects.update(consented_at=platform_now() - timedelta(days=100))
    assert works.refresh(tokens["refresh_token"])[0] == 400
    assert TokenFamily.objects.get().cause == "role_ended" and len(jobs()) == 1


def test_a_grant_that_ran_out_by_its_date_closes_what_it_had_opened() -> None:
    at = platform_now()
    uscc = bodies.code_of("MA0000AA")
    bodies.appointed("lin", "bidder", uscc, at=at, until_at=at + timedelta(days=2))
    works = Relying(register(), signed_in(bodies.person("lin", at=at)))
    works.tokens(uscc)
    assert parties.end_expired(at=at + timedelta(days=1)) == 0
    assert tasks_of_parties.end_what_ran_out(timestamp=0) == "0 ended"
    assert parties.end_expired(at=at + timedelta(days=2)) == 1
    assert TokenFamily.objects.get().cause == "role_ended" and len(jobs()) == 1


def test_an_organisation_nobody_granted_cannot_be_chosen(works: Relying) -> None:
    answer = works.consent("91990100MA0000AA1X")
    assert answer.status_code == 400 and "请选择" in answer.content.decode()
    assert "code" not in answered(answer)


def _end_grant(login: str, uscc: str) -> None:
    at = platform_now()
    grant = next(
        one for one in bodies.selectors.grants(bodies.person(login, at=at), at) if one.organisation_uscc == uscc
    )
    first, second = bodies.administrators(at=at)
    for by in (bodies.acting(bodies.CLERK, bodies.CENTRE, at=at), first, second):
        try:
            parties.end_grant(by=by, at=at, grant_id=grant.pk, reason="不再负责")
        except Refusal:
            continue
        return
    raise AssertionError("nobody could end the grant")

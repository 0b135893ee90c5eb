"""Process events: taken in as they happen, secret ones in sealed batches, never changed, never of another's project."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tradehall.exchange import following
from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import ProcessEvent
from tradehall.exchange.tests.peers import OTHER, WORKS, Sent, publish, receive, record, registered
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import to_beijing

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/exchange/process-events"


def stamp(ahead: timedelta = timedelta(0)) -> str:
    return to_beijing(platform_now() + ahead).strftime("%Y%m%d%H%M%S")


def event(kind: str, number: int = 0, **fields: object) -> Sent:
    stated = {"EVENT_TYPE": kind, "EVENT_TIME": stamp(), "SECRET_UNTIL": None, **fields}
    return {**record("PROCESS_EVENT", number, **stated), "data_timestamp": stamp()}


def errors(outcome: Outcome) -> set[tuple[str | None, str]]:
    return {(one.field, one.rule) for one in outcome.errors}


def entries(code: str, table: str = "journal_entry") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"select body from {table} where code = %s order by id", [code])
        return [body for (body,) in cursor.fetchall()]


def test_an_open_event_is_kept_journalled_and_seen() -> None:
    registered()
    [outcome] = receive(event("opening_begun", STATE_BEFORE="投标截止", STATE_AFTER="开标"))
    assert (outcome.status, outcome.findings) == ("accepted", [])
    kept = ProcessEvent.objects.get()
    assert (kept.kind, kept.from_state, kept.to_state, kept.is_secret) == ("opening_begun", "投标截止", "开标", False)
    assert kept.line == "works" and kept.project_code and kept.link.startswith("https://")
    [body] = entries("exchange.report_event")
    assert kept.digest in body and kept.event_no in body and kept.link not in body
    assert [one.event_no for one in following.open_events(platform_now())] == [kept.event_no]


def test_a_secret_event_is_in_no_public_entry_and_nobody_elses_until_its_time() -> None:
    registered()
    until = stamp(timedelta(hours=2))
    receive(event("bid_received", 0, SECRET_UNTIL=until), event("bid_received", 1))
    assert entries("exchange.report_event") == entries("exchange.receive_records") == []
    assert len(entries("exchange.report_event", "journal_secret")) == 2
    assert following.open_events(platform_now()) == []
    later = following.open_events(platform_now() + timedelta(hours=3))
    assert [one.secret_until is not None for one in later] == [True], "without an end of secrecy it stays secret"
    assert len(following.own_events(WORKS.id)) == 2


def test_secret_events_are_not_counted_in_public() -> None:
    receive(event("bid_received", 0))
    now = platform_now()
    assert following.quality(now - timedelta(hours=1), now, only_public=True) == []
    assert [one.accepted for one in following.quality(now - timedelta(hours=1), now, only_public=False)] == [1]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"EVENT_TYPE": "no_such"}, ("EVENT_TYPE", "dictionary")),
        ({"ACTOR_ROLE": ""}, ("EVENT_ROLE", "dictionary")),
        ({"EVENT_DIGEST": "A" * 64}, ("EVENT_DIGEST", "digest")),
        ({"EVENT_TIME": ""}, ("EVENT_TIME", "required")),
        ({"EVENT_TIME": "20991231000000"}, ("EVENT_TIME", "clock")),
        ({"SESSION_URL": "http://example.com/"}, ("SESSION_URL", "address")),
        ({"SESSION_URL": "javascript:alert(1)"}, ("SESSION_URL", "address")),
        (dict.fromkeys(("TENDER_PROJECT_CODE", "PROJECT_CODE", "BID_SECTION_CODE", "UNIFIED_DEAL_CODE"), ""),
         ("TENDER_PROJECT_CODE", "required")),
    ],
    ids=["未知事件", "无角色", "坏摘要", "无时间", "未来", "明文地址", "脚本地址", "无项目"],
)  # fmt: skip
def test_what_is_no_event_is_refused(fields: Sent, error: tuple[str, str]) -> None:
    [outcome] = receive(event("opening_begun", **fields))
    wanted = {("ACTOR_ROLE" if error[0] == "EVENT_ROLE" else error[0], error[1])}
    assert (outcome.status, errors(outcome)) == ("refused", wanted)


def test_an_event_is_neither_modified_nor_deleted_and_comes_once() -> None:
    sent = event("awarded")
    assert [one.status for one in receive(sent, sent)] == ["accepted", "unchanged"]
    changed = {**event("failed"), "data_key": sent["data_key"]}
    assert errors(receive(changed)[0]) == {("data_key", "known_key")}
    assert receive({**changed, "data_type": 2})[0].status == "refused"
    assert receive({"data_set": "PROCESS_EVENT", "data_type": 3, "data_key": sent["data_key"]})[0].status == "refused"
    assert ProcessEvent.objects.count() == 1


def test_an_event_of_another_systems_project_is_refused() -> None:
    publish(1)
    fields = record("WIN_RESULT_ANNO", 1)["fields"]
    assert isinstance(fields, dict)
    [outcome] = receive(event("opening_begun", TENDER_PROJECT_CODE=fields["TENDER_PROJECT_CODE"]), by=OTHER)
    assert errors(outcome) == {("fields", "403")}
    assert receive(event("opening_begun", 1, TENDER_PROJECT_CODE=fields["TENDER_PROJECT_CODE"]))[0].status == "accepted"


def test_a_system_reads_its_own_events_only() -> None:
    tokens = {one.id: registered(one).token for one in (WORKS, OTHER)}
    receive(event("bid_received", 0), event("opening_begun", 1))
    answers = {
        code: Client().get(ADDRESS, headers={"Authorization": f"Bearer {token}"}).json()
        for code, token in tokens.items()
    }
    assert [one["kind"] for one in answers["works-a"]["items"]] == ["bid_received", "opening_begun"]
    assert answers["works-a"]["items"][0]["is_secret"] and answers["works-b"]["items"] == []
    assert Client().get(ADDRESS).status_code == 401

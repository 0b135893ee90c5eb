"""A restore takes back what followers have read: each is told from where to read again, and nothing is missed or kept."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tradehall.exchange import courier, push, withdrawn
from tradehall.exchange.models import Webhook
from tradehall.journal import rotation, sealer, services
from tradehall.journal.tests.conftest import log_db
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref

__all__ = ["log_db"]
pytestmark = pytest.mark.usefixtures("log_db")
AT = datetime(2026, 9, 18, 9, tzinfo=UTC)
FEED = "/api/v1/feed"
Answer = dict[str, Any]


def publish(*numbers: int) -> None:
    for number in numbers:
        facts = {"kind": "result", "line": "works"}
        with transaction.atomic():
            services.record(
                code="tenders.report_notice", by=PLATFORM, at=AT, subject=Ref("notice", f"N{number}", 1), facts=facts
            )
    sealer.seal_pending()


def switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def backup(log_db: None) -> Iterator[str]:
    """The name under which a copy of the log may be kept."""
    before, name = connection.settings_dict["NAME"], f"log_{secrets.token_hex(6)}"
    yield name
    switch(before)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"drop database if exists {name} with (force)")


def back_up(name: str) -> None:
    source = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"create database {name} template {source}")


def restore(name: str, size: int) -> None:
    """The copy takes the place of what was lost, as `tradehall restore` does it."""
    switch(name)
    rotation.restore_log(by=PLATFORM, at=AT, told={"size": size})
    sealer.seal_pending()


def ask(after: int, name: str = "", **more: str) -> tuple[int, Answer, str | None, str]:
    """Status, body, from where to go on, and the log's name."""
    answer = Client().get(f"{FEED}?after={after}&wait=0", headers={"Tradehall-Log": name, **more})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = json.loads(body) if answer["Content-Type"].startswith("application/json") else {}
    return answer.status_code, told, answer.headers.get("Tradehall-After"), answer["Tradehall-Log"]


def numbers(page: Answer) -> list[str]:
    return [item["no"] for item in page["items"]]


def test_who_read_on_is_told_from_where_to_read_again_and_misses_nothing(backup: str) -> None:
    publish(1, 2)
    back_up(backup)
    publish(3, 4, 5)
    status, page, after, old = ask(0)
    assert (status, numbers(page), page["next"], after) == (200, ["N1", "N2", "N3", "N4", "N5"], 5, None)
    restore(backup, 2)
    status, refused, after, new = ask(5, old)
    assert (status, refused["code"], refused["field"], after) == (410, "withdrawn", "after", "2")
    assert "after=2" in refused["message"] and refused["request_id"] and new == f"{old}{new[len(old) :]}" != old
    publish(6, 7, 8)
    assert ask(5, old)[::2] == (410, "2"), "the log has grown past him: only its name tells"
    status, page, _, name = ask(2, new)
    assert (status, numbers(page), name) == (200, ["N6", "N7", "N8"], new)
    assert ask(2, old)[0] == 200, "what he has read is still there, whatever the log is called"


def test_who_says_no_name_is_told_while_he_is_beyond_the_end(backup: str) -> None:
    publish(1, 2)
    back_up(backup)
    publish(3, 4, 5)
    restore(backup, 2)
    assert ask(5)[::2] == (410, "2")
    assert ask(3)[0] == 200 and ask(2)[0] == 200
    publish(6, 7)
    assert ask(5)[0] == 200, "nothing can be told any more: the guide says so"


def test_a_log_that_was_never_restored_answers_as_always() -> None:
    publish(1)
    assert ask(10_000)[:2] == (200, {"items": [], "next": 10_000})
    name = withdrawn.log_name()
    assert ask(10_000, name)[:2] == (200, {"items": [], "next": 10_000})
    assert ask(1, "another.example/log")[::2] == (410, "0")
    assert ask(0, "another.example/log")[0] == 200


def test_twice_restored_the_earlier_place_is_told(backup: str) -> None:
    """To a second before the first restore: that restore's own entry is gone, and its name is known all the same."""
    publish(1, 2)
    back_up(backup)
    publish(3)
    first = withdrawn.log_name()
    rotation.restore_log(by=PLATFORM, at=AT, told={"size": 3})
    publish(4, 5)
    between = withdrawn.log_name()
    time.sleep(1.1)  # a name has the second of its restore in it
    restore(backup, 2)
    assert [ask(6, name)[::2] for name in (first, between)] == [(410, "2")] * 2
    assert ask(3, first)[::2] == (410, "2") and ask(3, withdrawn.log_name())[0] == 200


@pytest.mark.parametrize("named", [True, False])
def test_streams_are_told_too(backup: str, named: bool) -> None:
    publish(1, 2)
    back_up(backup)
    publish(3, 4, 5)
    old = withdrawn.log_name() if named else ""
    restore(backup, 2)
    stream = {"Accept": "text/event-stream"}
    assert ask(0, old, **stream, **{"Last-Event-ID": "5"})[::2] == (410, "2")
    sent = pushed(5, old)
    headers = dict(sent[0]["headers"])
    assert (sent[0]["status"], headers[b"tradehall-after"]) == (410, b"2")
    assert json.loads(sent[1]["body"])["code"] == "withdrawn"
    begun = pushed(2, old)
    assert (begun[0]["status"], dict(begun[0]["headers"])[b"tradehall-log"].decode()) == (200, withdrawn.log_name())


def pushed(after: int, name: str) -> list[Answer]:
    """What the stream server sends before its client goes away."""
    sent: list[Answer] = []

    async def send(message: Answer) -> None:
        sent.append(message)

    async def receive() -> Answer:
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    headers = [(b"tradehall-log", name.encode())] if name else []
    scope = {
        "type": "http",
        "path": FEED,
        "method": "GET",
        "query_string": f"after={after}".encode(),
        "headers": headers,
    }
    asyncio.run(push.application()(scope, receive, send))
    return sent


def test_a_webhook_message_never_takes_the_id_of_one_that_was_withdrawn(backup: str) -> None:
    publish(1, 2)
    back_up(backup)
    publish(3)
    webhook = Webhook(webhook_no="W1", position=2)
    before = courier.message_id(webhook, 3)
    restore(backup, 2)
    assert before == "W1-0-2-3" and courier.message_id(webhook, 3) == "W1-0.1-2-3"

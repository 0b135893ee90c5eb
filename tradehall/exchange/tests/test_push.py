"""Streams for many: what a question may be, and what is served from memory; the live wire is tried in the journeys."""

import asyncio
import json
from typing import Any

import pytest

from tradehall.exchange import feed, push
from tradehall.exchange.feed import Wish
from tradehall.journal.selectors import LogEntry
from tradehall.kernel.times import parse_rfc3339

AT = parse_rfc3339("2026-09-18T10:00:00+08:00")


def entry(position: int, kind: str = "notice", line: str = "works") -> LogEntry:
    body = json.dumps({"facts": {"kind": "result", "line": line}})
    return LogEntry(position, "tenders.report_notice", kind, f"B{position}", 1, AT, body)


def wire_with(*entries: LogEntry) -> push.Wire:
    wire = push.Wire()
    wire.recent.extend((one, feed.item_of(one)) for one in entries)
    wire.start, wire.head = entries[0].position - 1, entries[-1].position
    return wire


def ask(query: str, *, method: str = "GET", last: str | None = None) -> tuple[int, dict[str, Any]]:
    """One request to the application, as far as its refusal."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    headers = [(b"last-event-id", last.encode())] if last else []
    scope = {"type": "http", "path": "/feed", "method": method, "query_string": query.encode(), "headers": headers}
    asyncio.run(push.application()(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize(
    ("query", "field"),
    [("x=1", "x"), ("after=-1", "after"), ("after=x", "after"), ("line=x", "line"), ("kind=x", "kind")],
)
def test_what_is_not_understood_is_refused(query: str, field: str) -> None:
    status, answer = ask(query)
    assert (status, answer["field"]) == (400, field) and answer["request_id"]


def test_other_methods_and_bad_last_ids_are_refused() -> None:
    assert ask("", method="POST")[0] == 405
    assert ask("", last="x")[0] == 400


def test_memory_serves_each_client_after_its_own_position_and_wish() -> None:
    wire = wire_with(entry(5), entry(6, "file"), entry(7, line="land"), entry(9))
    items, last = wire.after(4, Wish()) or ([], 0)
    assert ([item["position"] for item in items], last) == ([5, 7, 9], 9)
    assert [item["position"] for item in (wire.after(5, Wish(line="works")) or ([], 0))[0]] == [9]
    assert wire.after(9, Wish()) == ([], 9)


def test_what_memory_does_not_reach_is_read_from_the_log() -> None:
    assert wire_with(entry(5)).after(3, Wish()) is None
    assert push.Wire().after(3, Wish()) is None


def test_the_feed_has_its_own_addresses() -> None:
    assert push.is_stream({"type": "http", "path": "/api/v1/feed"})
    assert not push.is_stream({"type": "http", "path": "/"}) and not push.is_stream({"type": "lifespan"})

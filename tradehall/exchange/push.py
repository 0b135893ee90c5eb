"""The feed for many clients at once: server-sent events from one process, one LISTEN connection, no thread a client.

The same items as `feed`, filtered for each client. Serves streams only; everything else is the page server's.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import psycopg
from django.db import connection

from tradehall.exchange import feed, withdrawn
from tradehall.exchange.feed import Item, Wish
from tradehall.journal import selectors as journal
from tradehall.journal.appending import CHANNEL, LIBPQ
from tradehall.journal.selectors import LogEntry
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.ui.api_errors import error

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
T = TypeVar("T")
PATHS = ("/api/v1/feed", "/feed")
PARAMETERS = ("after", "line", "kind")
MOST_CLIENTS = 2_000
REMEMBERED = 5_000
RECONNECT_SECONDS = 1.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
log = logging.getLogger(__name__)
# Fewer threads than the process has database connections.
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="feed")


class Wire:
    """What the log has grown by since we listen, read once for all clients. `start`: nothing after it is missing."""

    def __init__(self) -> None:
        self.recent: deque[tuple[LogEntry, Item | None]] = deque()
        self.start: int | None = None
        self.head = 0
        self.clients = 0
        self.grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def after(self, position: int, wish: Wish) -> tuple[list[Item], int] | None:
        """None when this has to be read from the log itself."""
        if self.start is None or position < self.start:
            return None
        found = [
            item
            for entry, item in self.recent
            if entry.position > position and item is not None and feed.is_wished(entry, item, wish)
        ]
        return found, max(position, self.head)

    async def growth(self, grown: asyncio.Event, seconds: float) -> bool:
        """True when the log has grown since `grown` was taken from here; take it before reading, to miss nothing."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        try:
            await asyncio.wait_for(grown.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except psycopg.OperationalError as problem:
                log.warning("push: the database is away (%s); trying again", str(problem).strip())
                self.start = None
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self) -> None:
        parameters = {key: value for key, value in connection.get_connection_params().items() if key in LIBPQ}
        own = await psycopg.AsyncConnection.connect(**parameters, autocommit=True, application_name="tradehall push")
        async with own:
            await own.execute(f"listen {CHANNEL}")
            self.head = await _in_thread(journal.last_position)
            self.recent.clear()
            self.start = self.head
            self._ring()
            async for _ in own.notifies():
                await self._read()

    async def _read(self) -> None:
        while entries := await _in_thread(journal.entries_after, self.head, feed.PAGE):
            self.recent.extend((entry, feed.item_of(entry)) for entry in entries)
            self.head = entries[-1].position
            while len(self.recent) > REMEMBERED:
                self.start = self.recent.popleft()[0].position
            self._ring()

    def _ring(self) -> None:
        """Wakes whoever waits now; whoever comes later waits for the next growth."""
        before, self.grown = self.grown, asyncio.Event()
        before.set()


def is_stream(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["path"] in PATHS)


def application() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application for the addresses of the feed."""
    wire = Wire()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            after, wish, name = _question(scope)
        except Refusal as refusal:
            await _refuse(send, 400, refusal.violations[0])
            return
        if scope["method"] != "GET":
            await _refuse(send, 405, Violation("method_not_allowed", "此地址只接受 GET；没有给出任何内容"))
        elif wire.clients >= MOST_CLIENTS:
            await _refuse(send, 429, Violation("too_many", "连接数已满；请稍后再试，或读取 /api/v1/feed"))
        elif lost := await _in_thread(withdrawn.withdrawn, after, name):
            words = Violation(withdrawn.CODE, lost.words, "after")
            await _refuse(send, withdrawn.STATUS, words, withdrawn.headers(lost))
        else:
            await _stream(wire, after, wish, receive, send)

    return serve


async def _stream(wire: Wire, after: int, wish: Wish, receive: Receive, send: Send) -> None:
    wire.clients += 1
    gone = asyncio.ensure_future(_until_gone(receive))
    sending = asyncio.ensure_future(_send_events(wire, after, wish, send))
    try:
        await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
    finally:
        wire.clients -= 1
        for task in (gone, sending):
            task.cancel()
        await asyncio.gather(gone, sending, return_exceptions=True)


async def _send_events(wire: Wire, after: int, wish: Wish, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *_raw(withdrawn.headers())]})
    await _part(send, b"retry: 3000\n\n")
    until = time.monotonic() + feed.STREAM_SECONDS
    while time.monotonic() < until:
        grown = wire.grown
        found = wire.after(after, wish)
        items, last = found if found is not None else await _in_thread(feed.page, after, wish)
        if items:
            await _part(send, b"".join(feed.event_of(item) for item in items))
        if last > after:
            after = last
        elif not await wire.growth(grown, feed.KEEP_ALIVE_SECONDS):
            await _part(send, b": keep-alive\n\n")
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _in_thread(work: Callable[..., T], *arguments: object) -> T:
    def run() -> T:
        try:
            return work(*arguments)
        finally:
            connection.close()

    return await asyncio.get_running_loop().run_in_executor(_readers, run)


def _question(scope: Scope) -> tuple[int, Wish, str]:
    """After which position, what is wished for, and the name of the log the position is of."""
    stated = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    unknown = sorted(set(stated) - set(PARAMETERS))
    if unknown:
        words = f"不认识参数 {unknown[0][:80]}；可用的参数：{'、'.join(PARAMETERS)}"
        raise Refusal([Violation("unknown_parameter", words, unknown[0][:80])])
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    places = [stated.get("after", "0"), headers.get("last-event-id", "0")]
    if not all(one.isascii() and one.isdigit() and len(one) <= 18 for one in places):
        raise Refusal([Violation("after", "after 和 Last-Event-ID 应为非负整数", "after")])
    wish = feed.wish_of(stated.get("line"), stated.get("kind"))
    return max(int(one) for one in places), wish, headers.get(withdrawn.NAME_HEADER.lower(), "")


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def _refuse(
    send: Send, status: int, violation: Violation, more: Mapping[str, str] = MappingProxyType({})
) -> None:
    answer = error(status, violation.code, violation.message, field=violation.field)
    headers = [*_raw(dict(answer.items())), *_raw(more)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})

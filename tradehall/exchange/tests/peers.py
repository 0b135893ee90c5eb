"""What several tests of this app need: systems, sealed records, a peer that receives."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections

from tests.peers.bad_system.running import BadSystem, running
from tradehall.accounts.services import NewSystem, add_system
from tradehall.exchange.judging import Outcome
from tradehall.exchange.registry.examples import example
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.services import receive_records
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM, Actor

WORKS = Actor("system", "works-a", "甲交易系统")
OTHER = Actor("system", "works-b", "乙交易系统")
Sent = dict[str, object]


def registered(actor: Actor = WORKS, line: str = "works") -> NewSystem:
    return add_system(by=PLATFORM, at=platform_now(), code=actor.id, name=actor.name, line=line)


def record(name: str, number: int = 0, **fields: object) -> Sent:
    made = example(data_sets()[name], 5, number)
    stated = made["fields"]
    assert isinstance(stated, dict)
    kept = {wire: value for wire, value in {**stated, **fields}.items() if value is not None}
    return {**made, "fields": kept}


def receive(*sent: object, by: Actor = WORKS) -> list[Outcome]:
    return receive_records(sent, by=by, at=platform_now())


def publish(*numbers: int, name: str = "WIN_RESULT_ANNO") -> None:
    """Notices on the feed."""
    receive(*(record(name, number) for number in numbers))
    sealer.seal_pending()


@pytest.fixture
def peer() -> Iterator[BadSystem]:
    with running() as found:
        yield found


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        """The tests say what they asked."""


@pytest.fixture
def served(db: None) -> Iterator[str]:
    """The platform over HTTP, inside the test's own transaction: tables that only grow cannot be emptied afterwards."""
    connection, platform = connections["default"], get_wsgi_application()

    def application(environ: dict[str, object], start_response: object) -> object:
        connections["default"] = connection  # each request has a thread of its own
        return platform(environ, start_response)

    server = make_server("127.0.0.1", 0, application, Threads, Quiet)
    connection.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()
    connection.dec_thread_sharing()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)

"""`tradehall serve ROLE`: one long-running process of `up`, or the one-time start of the demonstration city."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from tradehall.config import demo, messenger
from tradehall.config.commands.progress import bar
from tradehall.config.house.instance import HouseError
from tradehall.disclosure import follower
from tradehall.exchange import courier
from tradehall.exchange.national import running as national
from tradehall.journal import joining, sealer

BLOCKING_THREADS = 16  # below the pool's size: a thread never waits for a connection

JOBS_AT_ONCE = 5  # a slow system must not keep the others waiting; one connection of the worker's pool for each


def web() -> None:
    Granian(
        "tradehall.config.wsgi:application",
        address=settings.BIND,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        log_access=False,
    ).serve()


def push() -> None:
    Granian(
        "tradehall.config.asgi:application",
        address=settings.BIND,
        port=settings.PORT + 1,
        interface=Interfaces.ASGINL,
        workers=1,
        websockets=False,
        log_access=False,
    ).serve()


def worker() -> None:
    call_command("procrastinate", "worker", f"--concurrency={JOBS_AT_ONCE}", "--fetch-job-polling-interval=1")


def run_sealer() -> None:
    sealer.run_forever(_stop_event())


def run_follower() -> None:
    follower.run_forever(_stop_event())


def run_courier() -> None:
    courier.run_forever(_stop_event())


def run_national() -> None:
    national.run_forever(_stop_event())


def run_messenger() -> None:
    messenger.run_forever(_stop_event())


def first_start() -> None:
    """Refuses keys that are not this log's. The demonstration city says itself whether it is there already."""
    complaint = joining.complaint()
    if complaint:
        raise HouseError(complaint)
    if settings.KIND != "demo" or demo.is_built():
        return
    print("tradehall: building the demonstration city", file=sys.stderr, flush=True)
    with bar("the city") as report:
        demo.build(progress=lambda done, total: report("the city", done, total))


ROLES: dict[str, Callable[[], None]] = {
    "web": web,
    "push": push,
    "worker": worker,
    "sealer": run_sealer,
    "follower": run_follower,
    "courier": run_courier,
    "national": run_national,
    "messenger": run_messenger,
    "first-start": first_start,
}


def run(arguments: argparse.Namespace) -> int:
    role = ROLES.get(arguments.role)
    if role is None:
        raise HouseError(f"There is no process {arguments.role!r}; there are {', '.join(ROLES)}.")
    role()
    return 0


def _stop_event() -> threading.Event:
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop

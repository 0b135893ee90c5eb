"""Measures an act with and without its record: the lightest real act of the platform, and one made only for measuring.

Refuses to judge. The made act is four bare statements, lighter than any act can be, so its ratio is the worst case.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from tradehall.journal import bench, services
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import compute_uscc_check
from tradehall.tenders import selectors
from tradehall.tenders.reports import Named
from tradehall.tenders.services import NewLot, register_project, state_lot_fact

Figure = bench.Figure
ACTS, PROJECTS = 1_000, 20
PRINCIPAL = "12990100MB0000001"


def acts(size: int | None = None) -> Iterator[Figure]:
    """Acts a second by the median act, in turns so that both are disturbed alike."""
    count = size or ACTS
    by, lots = _lots()
    times: dict[bool, list[float]] = {True: [], False: []}
    with bench.own_keys():
        for number in range(count):
            for recorded in (True, False) if number % 2 else (False, True):
                times[recorded].append(_seconds(by, lots[number % PROJECTS], recorded=recorded))
    bare, full = 1 / median(times[False]), 1 / median(times[True])
    yield bench.figure("act.without-record", bare, "acts/s", size=count)
    yield bench.figure("act.with-record", full, "acts/s", bench.LEAST_ACTS * bare, full / bare, count)
    yield from bench.bare_act(size)


def _lots() -> tuple[Actor, list[str]]:
    principal = Named("压测单位", PRINCIPAL + compute_uscc_check(PRINCIPAL))
    by = Actor("person", "bench", "压测", principal.uscc, frozenset({"principal"}))
    made = [
        register_project(
            by=by, at=platform_now(), line="works", title=f"压测项目{number}号{secrets.token_hex(4)}",
            principal=principal, district="990101", lots=[NewLot("压测标段", "A02")],
        )
        for number in range(PROJECTS)
    ]  # fmt: skip
    return by, [selectors.lots(project.project_no)[0].lot_no for project in made]


def _seconds(by: Actor, lot_no: str, *, recorded: bool) -> float:
    with _recording(recorded):
        began = time.perf_counter()
        state_lot_fact(by=by, at=platform_now(), lot_no=lot_no, code="specification", value="施工图已审查")
        return time.perf_counter() - began


@contextmanager
def _recording(recorded: bool) -> Iterator[None]:
    """Without: the one line of the act is left out, as nothing but a measurement may."""
    kept = services.record
    if not recorded:
        services.record = lambda **_: 0
    try:
        yield
    finally:
        services.record = kept

"""A system's few notices pass another's many on the way to the window; nothing is lost, doubled or set back by it."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.db import connection
from psycopg.conninfo import make_conninfo

from tradehall.disclosure import follower, overtaking
from tradehall.disclosure.models import NoticeRow, NumberRow, ProjectRow, RoleRow
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import search
from tradehall.journal import selectors as journal
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.tenders.reports import NoticeReport
from tradehall.tenders.services import record_notices

from .reports import AT, report

RUN = """
import django
django.setup()
from tradehall.disclosure import follower
follower.run_forever()
"""


def of(system: str, number: int, title: str = "", version: int = 1) -> NoticeReport:
    title = title or f"{system} 第{number}项"
    return replace(report(number), system=system, title=title, source_digest=f"{version:02d}{system:.4}{number:058d}")


def publish(reports: Iterable[NoticeReport]) -> None:
    record_notices(list(reports), by=PLATFORM, at=AT)
    seal_pending()


def rows() -> list[tuple[object, ...]]:
    """What readers see, without the numbers of the rows."""
    notices = NoticeRow.objects.order_by("notice_no").values_list("notice_no", "version", "position", "title")
    projects = ProjectRow.objects.order_by("project_no").values_list("project_no", "title", "notices", "changes")
    parts = (model.objects.count() for model in (RoleRow, NumberRow))
    with connection.cursor() as cursor:
        cursor.execute("select doc, count(*) from search_row group by doc order by doc")
        return [*notices, *projects, *parts, *cursor.fetchall()]


def versions_of(no: str) -> list[int]:
    return list(NoticeRow.objects.filter(notice_no=no).values_list("version", flat=True))


def test_a_small_system_is_on_the_window_while_the_bulk_of_another_waits(db: None) -> None:
    publish(of("bulk", number) for number in range(300))
    publish([of("small", 1, "东河桥 招标公告")])
    running = follower.Running(size=50)
    assert running.turn()
    assert [item.title for item in search(parse_query({"q": "东河桥"}), AT).items] == ["东河桥 招标公告"]
    assert follower.position() == 50 and NoticeRow.objects.count() < 150
    before = follower.projection_version()
    assert before > 0
    while running.turn():
        assert follower.projection_version() > before, "every change is told to those who keep pages"
        before = follower.projection_version()
    assert (NoticeRow.objects.count(), follower.position()) == (301, journal.last_position())
    followed = rows()
    follower.rebuild()
    assert rows() == followed


def test_who_sends_too_much_waits_for_the_log_and_keeps_his_own_order(db: None) -> None:
    publish(of("bulk", number) for number in range(80))
    publish([of("small", 1), of("bulk", 3, "改过的", version=2), of("small", 2)])
    outlook = overtaking.Outlook()
    chosen = [(one.position, one.subject_version) for one in outlook.chosen(0)]
    assert [place for place, _ in chosen] == [*range(1, 51), 81, 83], "the second version of his waits behind the first"
    assert outlook.chosen(10) == [] and outlook.behind == {"bulk": 82}
    publish([of("bulk", 200), of("small", 3)])
    assert [one.position for one in outlook.chosen(60)] == [85]
    publish([of("bulk", 201)])
    assert [one.position for one in outlook.chosen(84)] == [86], "he has nothing waiting any more"
    assert len(outlook.chosen(0)) == 53, "made anew from zero"


def test_a_version_never_goes_back_when_the_second_came_first(db: None) -> None:
    publish([of("a", 1, "第一版")])
    publish(of("bulk", number) for number in range(30))
    publish([of("a", 1, "第二版", version=2)])
    [_, *_, second] = entries = journal.entries_after(0, 100)
    follower._overtake([second])
    assert (versions_of(second.subject_no), follower.position()) == ([2], 0)
    assert follower._take(1) == 1 and entries[0].subject_no == second.subject_no
    assert versions_of(second.subject_no) == [2], "its first version is met afterwards"
    follower._overtake([entries[0]])
    follower.catch_up()
    assert versions_of(second.subject_no) == [2]
    followed = rows()
    follower.rebuild()
    assert rows() == followed


def test_a_follower_killed_at_any_moment_loses_and_doubles_nothing(committed_db: str, settings: LazySettings) -> None:
    place = connection.get_connection_params()
    named = {name: place[name] for name in ("host", "port", "user", "password") if place.get(name)}
    own = {**os.environ, "DATABASE_URL": make_conninfo(**named, dbname=committed_db)}
    own |= {"TRADEHALL_HOME": str(settings.HOME), "DJANGO_SETTINGS_MODULE": "tradehall.config.settings"}
    chance, kills, until = random.Random(5), 0, time.monotonic() + 120
    for part in range(3):
        publish(of("bulk", 1000 * part + number) for number in range(250))
        publish([of("small", part), of("bulk", 3, f"改{part}", version=2 + part)])
    while follower.position() < journal.last_position() and time.monotonic() < until:
        before = follower.projection_version()
        process = subprocess.Popen([sys.executable, "-c", RUN], env=own)
        while follower.projection_version() < before + 3 and follower.position() < journal.last_position():
            time.sleep(0.002)
        time.sleep(chance.random() / 3)
        process.kill()
        process.wait()
        kills += 1
    assert kills > 1 and NoticeRow.objects.count() == 753
    followed = rows()
    follower.rebuild()
    assert rows() == followed


def test_a_running_follower_ends_when_told_and_leaves_nothing_undone(committed_db: str) -> None:
    stop = threading.Event()
    publish(of("bulk", number) for number in range(60))

    def run() -> None:
        follower.run_forever(stop)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 20
    while follower.position() < journal.last_position() and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    thread.join(10)
    assert (NoticeRow.objects.count(), thread.is_alive()) == (60, False)


@pytest.mark.parametrize(
    ("size", "done", "taken", "wanted"),
    [(100, 100, 3.5, 30), (100, 100, 0.1, 200), (300, 300, 0.1, 390), (100, 40, 0.01, 100), (200, 200, 0.25, 200)],
)
def test_a_batch_is_as_large_as_its_time_allows(size: int, done: int, taken: float, wanted: int) -> None:
    assert follower.next_size(size, done, taken) == wanted

"""What Prometheus is told of the parts behind the pages: each by itself, and every name of it is in the guide."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone

from tradehall.config import gauges, replica
from tradehall.config.house import archive, archived
from tradehall.config.house.archive import Archive, Base
from tradehall.exchange.models import Webhook
from tradehall.exchange.tests.peers import publish, registered
from tradehall.exchange.webhooks import add_webhook, pause_webhook
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.messages import selectors as messages
from tradehall.messages.models import Delivery
from tradehall.messages.tests.followers import ask

pytestmark = pytest.mark.django_db
GUIDE = (Path(__file__).parents[3] / "docs/operating.md").read_text("utf-8")
HOUR = 3600.0


def told() -> dict[str, float]:
    text = Client().get("/metrics").content.decode()
    return {name: float(value) for name, _, value in (line.partition(" ") for line in text.splitlines())}


def measured(found: dict[str, float]) -> dict[str, float]:
    return {name.split('"')[1]: value for name, value in found.items() if name.startswith("tradehall_measured")}


@pytest.fixture
def unreachable(settings: LazySettings) -> Iterator[None]:
    """A standby that is away."""
    settings.REPLICA_URL = "postgresql://127.0.0.1:9/tradehall"
    known: dict[str, Any] = connections.settings
    known["replica"] = {**known["default"], "HOST": "127.0.0.1", "PORT": "9"}
    # Under the name that tests may use: they are kept from all others.
    connections["replica"] = DatabaseWrapper(known["replica"], "default")
    yield
    del connections["replica"]
    del known["replica"]


def archive_of(folder: Path, ages: dict[str, float], base_age_s: float | None) -> tuple[Path, Path]:
    """An archive whose files of the log were written so long ago."""
    place = Archive.of(folder / "archive", folder / "db")
    for name, age_s in ages.items():
        path = place.wal / name
        path.touch()
        os.utime(path, (path.stat().st_mtime - age_s,) * 2)
    if base_age_s is not None:
        made, ended = place.bases / "b", datetime.now(UTC) - timedelta(seconds=base_age_s)
        made.mkdir()
        archive.write_base(Base(made, ended, ended, "0" * 24, place.incarnation))
    return folder / "archive", folder / "db"


def test_what_is_not_in_use_is_not_stated(settings: LazySettings) -> None:
    settings.ARCHIVE, settings.NATIONAL_URL, settings.MAIL_HOST, settings.MAIL_FOLDER = None, "", "", None
    found = told()
    assert measured(found) == {"webhook": 1}
    assert not [name for name in found if re.search("archive|replica|mail|national", name)]


def test_a_part_that_fails_hides_no_other(settings: LazySettings, tmp_path: Path, unreachable: None) -> None:
    settings.ARCHIVE, settings.HOME = tmp_path / "away", tmp_path
    with connection.cursor() as cursor:
        cursor.execute("drop table messages_message, messages_delivery cascade")
    found = told()
    assert measured(found) == {"archive": 0, "replica": 0, "mail": 0, "webhook": 1}
    assert found["tradehall_webhook_dead"] == 0 and found["tradehall_disk_free_bytes"] > 0
    assert {"tradehall_sealer_lag_s", "tradehall_queue_failed"} <= found.keys()


def test_the_archive_tells_its_ages(settings: LazySettings, tmp_path: Path) -> None:
    first, second = "000000010000000000000001", "000000010000000000000002"
    ages = {first: 5 * HOUR, second: 2 * HOUR, "000000010000000000000003.partial": 7.0, "00000002.history": 1.0}
    settings.ARCHIVE, db = archive_of(tmp_path, ages, 30 * HOUR)
    settings.HOME = db.parent
    found = told()
    assert found["tradehall_archive_bases"] == 1
    for name, age_s in (("segment", 2 * HOUR), ("written", 7.0), ("base", 30 * HOUR)):
        assert age_s <= found[f"tradehall_archive_{name}_age_s"] < age_s + 60, name


def test_an_empty_archive_has_no_ages_but_says_that_nothing_can_be_restored(tmp_path: Path) -> None:
    root, db = archive_of(tmp_path, {}, None)
    assert archived.figures(root, db, datetime.now(UTC)) == {"bases": 0.0}
    (root / "dump").mkdir()
    (root / "dump" / "a.dump").touch()
    assert archived.figures(root, db, datetime.now(UTC))["bases"] == 1.0


def test_another_clusters_backup_is_not_ours(tmp_path: Path) -> None:
    root, db = archive_of(tmp_path, {}, 10.0)
    archive.name_incarnation(db)
    assert archived.figures(root, db, datetime.now(UTC)) == {"bases": 0.0}


def test_mail_that_waits_and_mail_that_failed(settings: LazySettings) -> None:
    settings.MAIL_HOST = "127.0.0.1"
    for name in ("a", "b", "c"):
        ask(f"{name}@example.com")
    late, failed = Delivery.objects.order_by("id")[:2]
    Delivery.objects.filter(pk=late.pk).update(next_at=timezone.now() - timedelta(seconds=700), attempts=3)
    Delivery.objects.filter(pk=failed.pk).update(refused_at=timezone.now())
    found = told()
    assert (found["tradehall_mail_waiting"], found["tradehall_mail_failed"]) == (2, 1)
    assert 700 <= found["tradehall_mail_oldest_s"] < 760
    assert messages.failed() == len(messages.dead_letters(10))


def test_webhooks_that_wait_and_webhooks_that_are_dead() -> None:
    registered()
    made = [
        add_webhook(by=PLATFORM, at=platform_now(), system="works-a", url=f"http://127.0.0.1:9/{n}") for n in range(3)
    ]
    assert told()["tradehall_webhook_waiting"] == 0
    publish(1)
    newest = Webhook.objects.get(pk=made[0].webhook.pk)
    Webhook.objects.filter(pk=newest.pk).update(position=10**6)
    pause_webhook(at=platform_now(), webhook=made[1].webhook, problem="HTTP 410")
    found = told()
    assert (found["tradehall_webhook_waiting"], found["tradehall_webhook_dead"]) == (1, 1)
    assert 0 < found["tradehall_webhook_oldest_s"] + 0.1 < 60


def test_a_server_that_replays_nothing_is_no_standby() -> None:
    connections.settings["replica"] = connections.settings["default"]
    connections["replica"] = connection
    try:
        with pytest.raises(ValueError, match="replays nothing"):
            replica.lag()
    finally:
        del connections["replica"]
        del connections.settings["replica"]


def test_the_guide_names_every_metric_and_no_other(settings: LazySettings, tmp_path: Path) -> None:
    """The standby's names come from its type: a real one is watched in tests/test_many_hosts.py."""
    settings.MAIL_HOST = settings.NATIONAL_URL = "https://nation.example"
    settings.ARCHIVE, db = archive_of(tmp_path, {"0" * 24: 1.0}, 1.0)
    settings.HOME = db.parent
    stated = {name.partition("{")[0] for name in told()} | {f"tradehall_replica_{name}" for name in replica.Lag._fields}
    listed = re.findall(r"^\| `(tradehall_[a-z_]+)` \| [^|]+ \| [^|]+ \|$", GUIDE, re.M)
    assert len(listed) == len(set(listed)) and set(listed) == stated
    assert {part.name for part in gauges.PARTS} == {"national", "archive", "replica", "mail", "webhook"}

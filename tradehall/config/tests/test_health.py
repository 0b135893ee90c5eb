"""What a load balancer and Prometheus are told, and what they are not."""

import pytest
from django.db import connection
from django.test import Client

from tradehall.config import health
from tradehall.journal import sealer

pytestmark = pytest.mark.django_db


def test_healthz_states_every_part(client: Client) -> None:
    sealer.seal_pending()
    answer = client.get("/healthz")
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"status", "database", "sealer", "queue", "disk", "version"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_failing_part_makes_503_and_the_others_are_still_stated(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table procrastinate_jobs cascade")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "failed: ProgrammingError"
    assert answer.json()["disk"]["free_bytes"] > 0


def test_too_little_disk_is_failing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_DISK_BYTES", 2**60)
    assert client.get("/healthz").status_code == 503


def test_metrics_are_for_this_machine_alone(client: Client) -> None:
    assert b"tradehall_up" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.0.0.7").status_code == 404


def test_every_answer_states_its_time_and_policy(client: Client) -> None:
    answer = client.get("/rules")
    assert answer.headers["Server-Timing"].startswith("app;dur=")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")

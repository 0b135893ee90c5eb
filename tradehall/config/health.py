"""Whether this instance works, for load balancers and for Prometheus. Says nothing about anybody's trades."""

import shutil
from collections.abc import Callable
from importlib.metadata import version

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tradehall.config import gauges
from tradehall.journal import selectors

LARGEST_LAG_S = 60.0
LEAST_DISK_BYTES = 200 * 2**20
LOOPBACK = {"127.0.0.1", "::1"}
QUEUE = """
select count(*) filter (where status in ('todo', 'doing')), count(*) filter (where status = 'failed')
  from procrastinate_jobs
"""


def measure() -> dict[str, object]:
    """Every part is stated even when another part fails."""
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else "/").free
    report: dict[str, object] = {"database": "ok", "sealer": _sealer(None), "queue": {"waiting": None, "failed": None}}
    try:
        report["sealer"] = _sealer(selectors.sealer_lag)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(QUEUE)
            waiting, failed = cursor.fetchone()
        report["queue"] = {"waiting": waiting, "failed": failed}
    except DatabaseError as error:
        report["database"] = f"failed: {type(error).__name__}"
    report |= {"disk": {"free_bytes": free}, "version": version("tradehall")}
    return {"status": "ok" if _is_well(report, free) else "failing", **report}


def _sealer(lag: Callable[[], float] | None) -> dict[str, object]:
    return {"lag_s": lag() if lag else None, "position": selectors.last_position() if lag else None}


def _is_well(report: dict[str, object], free: int) -> bool:
    sealer = report["sealer"]
    lag = sealer.get("lag_s") if isinstance(sealer, dict) else None
    return (
        report["database"] == "ok" and free > LEAST_DISK_BYTES and isinstance(lag, (int, float)) and lag < LARGEST_LAG_S
    )


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    report = measure()
    response = JsonResponse(report, status=200 if report["status"] == "ok" else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if request.META.get("REMOTE_ADDR") not in LOOPBACK or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    report = measure()
    lines = [f"tradehall_up {int(report['status'] == 'ok')}"]
    for group in ("sealer", "queue", "disk"):
        values = report[group]
        if isinstance(values, dict):
            lines += [f"tradehall_{group}_{name} {value}" for name, value in values.items() if value is not None]
    lines += gauges.lines()
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")

"""What `/metrics` states beside the parts of `/healthz`: each part by itself, so that one that fails hides no other.

Names, meanings and limits stand in docs/operating.md §8, and a test compares them. A part that is not in use here is
left out; one that could not be measured says so. Asks the owners of the tables; knows no table.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import Error, transaction

from tradehall.config import replica
from tradehall.config.house import archived
from tradehall.exchange import following
from tradehall.exchange.national import calling, outbox, reading
from tradehall.messages import selectors as messages

Figures = dict[str, float]
log = logging.getLogger(__name__)


class Part(NamedTuple):
    name: str
    is_on: Callable[[], bool]
    figures: Callable[[], Figures]


def lines() -> list[str]:
    return [line for part in PARTS if part.is_on() for line in _stated(part)]


def _stated(part: Part) -> list[str]:
    """Whatever goes wrong in one part: others must be told, and whoever watches must be told of this."""
    try:
        with transaction.atomic():
            found = part.figures()
    except (Error, OSError, ValueError, KeyError) as problem:
        log.warning("metrics: %s could not be measured (%s)", part.name, type(problem).__name__)
        return [f'tradehall_measured{{part="{part.name}"}} 0']
    told = [f"tradehall_{part.name}_{name} {_number(value)}" for name, value in found.items()]
    return [f'tradehall_measured{{part="{part.name}"}} 1', *told]


def _number(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _always() -> bool:
    return True


def _archive() -> Figures:
    if settings.ARCHIVE is None:
        return {}
    return archived.figures(settings.ARCHIVE, settings.HOME / "db", datetime.now(UTC))


def _mail() -> Figures:
    counts = messages.mail_counts()
    waiting = counts.waiting + counts.again
    return {"waiting": waiting, "oldest_s": messages.mail_lag_s(), "failed": messages.failed()}


PARTS = (
    Part("national", calling.is_on, lambda: {"lag_s": outbox.lag_s(), "unread": reading.behind()}),
    Part("archive", lambda: settings.ARCHIVE is not None, _archive),
    Part("replica", lambda: bool(settings.REPLICA_URL), lambda: replica.lag()._asdict()),
    Part("mail", messages.mail_is_on, _mail),
    Part("webhook", _always, lambda: asdict(following.deliveries())),
)

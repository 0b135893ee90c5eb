"""Moving the demonstration city's clock. Refuses in a database that has no movable clock."""

from datetime import datetime, timedelta

from django.db import connection

from tradehall.journal.clock import is_movable, platform_now
from tradehall.journal.services import set_platform_clock
from tradehall.kernel.refusal import Refusal, Violation

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_span(text: str) -> timedelta:
    """`21d`, `90s`, `36h`; ValueError for anything else."""
    if len(text) < 2 or text[-1] not in UNITS or not text[:-1].isdigit():
        raise ValueError(f"{text!r} is not a span such as 21d, 36h, 15m or 90s")
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})


def move_clock(*, to: datetime | None = None, advance: timedelta | None = None) -> datetime:
    """Sets the platform's clock to `to`, or moves it on by `advance`; returns the new platform time."""
    if not is_movable():
        raise Refusal([Violation("clock", "这个数据库的时钟不能移动：只有演示、测试和演练库可以。")])
    now = platform_now()
    target = to if to is not None else now + (advance or timedelta())
    set_platform_clock(target - _machine_now())
    return platform_now()


def _machine_now() -> datetime:
    """The database's own clock, without the offset."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment

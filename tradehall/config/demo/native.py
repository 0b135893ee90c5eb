"""Native trades of the demonstration city, by the acts of the platform itself. Later stages come as reports."""

from datetime import datetime

from tradehall.config.demo.cast import Cast


def build(cast: Cast, at: datetime) -> int:
    return 0

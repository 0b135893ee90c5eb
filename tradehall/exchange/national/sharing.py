"""What other regions share through the national platform: notices and experts, pulled in order from our own cursor.

They come in by the same act as any system's records, with the system `national` as their source, and never go back out.
The records and the cursor are one transaction: a repeated page changes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tradehall.exchange.models import NationalPosition
from tradehall.exchange.national import calling
from tradehall.exchange.national.statement import SYSTEM
from tradehall.exchange.services import receive_records
from tradehall.kernel.actor import Actor

NATIONAL = Actor("system", SYSTEM, "全国公共资源交易平台")
SERIES = ("notices", "experts")
PAGE = 200
PAGES_A_TURN = 20


def pull_all(at: datetime) -> int:
    """Returns how many records were new. Raises `NotReached`; what came before it stays."""
    return sum(_pull(series, at) for series in SERIES)


def _pull(series: str, at: datetime) -> int:
    taken = 0
    for _ in range(PAGES_A_TURN):
        seen, new = _page(series, at)
        taken += new
        if not seen:
            break
    return taken


def _page(series: str, at: datetime) -> tuple[int, int]:
    NationalPosition.objects.get_or_create(name=series)
    with transaction.atomic():
        own = NationalPosition.objects.select_for_update().get(name=series)
        records, last = _asked(series, own.position)
        if not records:
            return 0, 0
        outcomes = receive_records(records, by=NATIONAL, at=at)
        own.position = last
        own.save(update_fields=["position"])
    return len(records), sum(one.status == "accepted" for one in outcomes)


def _asked(series: str, after: int) -> tuple[Sequence[object], int]:
    answer = calling.get(f"/shared/{series}?after={after}&limit={PAGE}")
    try:
        said = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        said = None
    items = said.get("items") if isinstance(said, dict) else None
    last = said.get("next") if isinstance(said, dict) else None
    if not isinstance(items, list) or not isinstance(last, int) or last < after or (items and last == after):
        raise calling.NotReached(f"HTTP {answer.status}，没有可读的应答")
    return [_marked(one) for one in items], last


def _marked(item: object) -> object:
    """The key says where it comes from: two regions may use the same one."""
    if not isinstance(item, Mapping) or not isinstance(item.get("record"), Mapping):
        return item
    record = dict(item["record"])
    return {**record, "data_key": f"{str(item.get('origin') or '')[:30]}:{record.get('data_key')}"}

"""Records that are kept and could tell about a running competition or evaluation: held until the lot's result is public.

Which sets are held, and why, the registry says (`onward`). Decides nothing about what is published.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tradehall.exchange.models import InboundRecord, NationalOmission
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import AT_ONCE, UNTIL_RESULT, DataSet
from tradehall.tenders import selectors as tenders

RESULT = "result"
Rendition = Mapping[str, object]
# (unified deal code, system) of lots whose result stands, as that system published it.
Results = frozenset[tuple[str, str]]


def results(rows: Sequence[InboundRecord], renditions: Iterable[Rendition]) -> Results:
    """Of all lots that these records and notices are about, in one statement."""
    kept = {lot_of(row) for row in rows if _word(row.data_set) in UNTIL_RESULT}
    asked = (kept | {code for one in renditions if one["kind"] == RESULT for code in _lots(one)}) - {""}
    return frozenset(tenders.lots_with_result(sorted(asked)))


def reason(data_set: DataSet, row: InboundRecord, over: Results) -> str:
    """The word for why it is held; nothing when it may go."""
    is_over = data_set.onward in UNTIL_RESULT and (lot_of(row), row.system) in over
    return "" if data_set.onward == AT_ONCE or is_over else data_set.onward


def lot_of(row: InboundRecord) -> str:
    found = row.clean.get("unified_code")
    return found[:40] if isinstance(found, str) else ""


def lots_over(rows: Sequence[InboundRecord], notice: Rendition | None, over: Results) -> set[str]:
    """The lots of these whose result stands: what was held for them goes first, whichever is read first."""
    stated = {lot_of(row) for row in rows if _word(row.data_set) in UNTIL_RESULT}
    if notice is not None and notice["kind"] == RESULT:
        stated |= _lots(notice)
    return stated & {code for code, _ in over}


def freed(lots: Collection[str], over: Results) -> list[InboundRecord]:
    """What was held for these lots, in the order it came."""
    if not lots:
        return []
    waiting = NationalOmission.objects.filter(lot__in=lots, reason__in=UNTIL_RESULT, ended_at__isnull=True)
    found = waiting.filter(record__isnull=False).select_related("record").order_by("record_id")
    rows = [one.record for one in found if one.record is not None]
    return [row for row in rows if (lot_of(row), row.system) in over]


def _word(name: str) -> str:
    one = data_sets().get(name)
    return one.onward if one else ""


def _lots(notice: Rendition) -> set[str]:
    stated = notice["lots"]
    lots = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    return {str(one["unified_code"]) for one in lots if one.get("unified_code")}

"""All adapters, and which one a row belongs to by its columns. A file's name is never asked."""

from tradehall.exchange.adapters import announcements, land, market, yichang
from tradehall.exchange.adapters.rows import Adapter, Row

ADAPTERS: dict[str, Adapter] = {
    one.code: one
    for one in (
        announcements.ADAPTER, yichang.AWARDS, yichang.CANDIDATES, yichang.PAGES, market.PURCHASES, market.OPERATORS,
        land.SUPPLY, land.AUCTIONS, land.RECORDS,
    )
}  # fmt: skip


def guess(row: Row) -> Adapter | None:
    """The adapter with the most columns present among those whose columns are all there."""
    fitting = [one for one in ADAPTERS.values() if one.columns <= row.fields.keys()]
    if not fitting:
        return None
    best = max(fitting, key=lambda one: len(one.columns))
    if best in (yichang.AWARDS, yichang.CANDIDATES):
        fields = row.fields.get("fields")
        return yichang.CANDIDATES if isinstance(fields, dict) and "bidders_and_prices" in fields else yichang.AWARDS
    return best

"""Charts show no more series than a reader tells apart, and lose no money doing so."""

from datetime import date, datetime

from tradehall.disclosure.figures import Bar, Figures
from tradehall.kernel.times import BEIJING
from tradehall.reference.lines import lines
from tradehall.web.presenters.figures_page import monthly_chart

YUAN = 100
FIRST, AFTER = date(2026, 1, 1), date(2026, 3, 1)


def series(sums: dict[str, int]) -> list[tuple[str, list[float]]]:
    bars = tuple(
        Bar(month, code, None, 1, yuan * YUAN, {}) for code, yuan in sums.items() for month in ("2026-01", "2026-02")
    )
    found = Figures(
        bars, len(bars), sum(one.cents for one in bars), "", None, None, datetime(2026, 3, 1, tzinfo=BEIJING)
    )
    chart = monthly_chart(found, FIRST, AFTER, {one.code: one for one in lines()}, None)
    return [(one["name"], one["values"]) for one in chart["series"]]


def test_four_markets_are_four_series() -> None:
    names = [name for name, _ in series({"works": 4, "procurement": 3, "land": 2, "property": 1})]
    assert len(names) == 4 and not any("、" in name for name in names)


def test_of_more_the_smallest_stand_together_and_nothing_is_lost() -> None:
    sums = {"works": 10_000, "procurement": 400_000, "land": 200_000, "property": 20_000, "others": 300_000}
    found = series(sums)
    short = {one.code: one.short for one in lines()}
    assert [name for name, _ in found][-1] == f"{short['works']}、{short['property']}"
    assert len(found) == 4
    assert [round(sum(values[month] for _, values in found), 6) for month in (0, 1)] == [93.0, 93.0]

"""Importing files: totals account for every row, good rows survive bad neighbours, a second run changes nothing."""

import json
from pathlib import Path

import pytest

from tradehall.exchange.importing import import_files
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
HEAD = "id,city,district,announcement_no,notice_date,trade_date,parcel_name,land_usage,area_ha,start_price_wan,"
HEAD += "deal_price_wan,trade_status,winner,notice_url,result_url\n"
GOOD = "{n},宁波,镇海区,告〔2026〕{n}号,2026-01-05,2026-03-06,地块{n},工业,1.5,100.0,120.0,已成交,某材料有限公司,,\n"
UNDATED = "99,宁波,,告99号,,,地块99,,,,,未成交,,,\n"


def test_one_bad_row_among_good_ones_and_a_second_run(tmp_path: Path) -> None:
    file, report = tmp_path / "rows.csv", tmp_path / "report.jsonl"
    file.write_text(HEAD + GOOD.format(n=1) + UNDATED + GOOD.format(n=2) + GOOD.format(n=2), encoding="utf-8")
    first = import_files([file], report_path=report, by=PLATFORM, now=platform_now)
    assert first.line() == "imported 2, unchanged 1, refused 1"
    refused = json.loads(report.read_text(encoding="utf-8"))
    assert (refused["line"], refused["id"], refused["errors"][0]["field"]) == (3, "99", "notice_date")
    second = import_files([file], by=PLATFORM, now=platform_now)
    assert second.line() == "imported 0, unchanged 3, refused 1"


def test_an_unreadable_file_is_named_and_the_next_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + GOOD.format(n=7), encoding="utf-8")
    totals = import_files([tmp_path / "absent.csv", file], by=PLATFORM, now=platform_now)
    assert (totals.imported, len(totals.unreadable)) == (1, 1)


def test_an_unknown_adapter_is_refused_before_reading(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有名为"):
        import_files([tmp_path / "x"], adapter="x", by=PLATFORM, now=platform_now)

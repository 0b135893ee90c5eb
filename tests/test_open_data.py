"""Real notices as open data: a part of every file that was shared, imported, exported and judged by the standard's judge."""

import gzip
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tradehall.disclosure.ocds import publishing
from tradehall.disclosure.tests.judge import SHARED, complaints, judge
from tradehall.exchange.importing import import_files
from tradehall.journal import selectors as journal
from tradehall.journal.clock import platform_now
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
FOLDERS = (SHARED / "data" / "announcements", SHARED / "data" / "land")
FILES = sorted(path for folder in FOLDERS if folder.is_dir() for path in folder.iterdir() if path.suffix == ".gz")
ROWS = 150


def _beginning(path: Path, folder: Path) -> Path:
    """The first rows of a file, under its own name: adapters are guessed from columns, and the first line may name them."""
    part = folder / path.name
    with gzip.open(path, "rt", encoding="utf-8") as source, gzip.open(part, "wt", encoding="utf-8") as target:
        target.writelines(islice(source, ROWS))
    return part


def _judged(path: Path, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    packages = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return [release for package in packages for release in package["releases"]], [
        judge(one, folder) for one in packages
    ]


def test_an_export_of_real_notices_is_valid_and_counts_as_we_count(tmp_path: Path) -> None:
    if not FILES:
        pytest.skip(f"REAL NOTICES NOT CHECKED: nothing in {SHARED / 'data'} (set TRADEHALL_SHARED)")
    totals = import_files([_beginning(path, tmp_path) for path in FILES], by=PLATFORM, now=platform_now)
    seal_pending()
    done = publishing.export(tmp_path / "export.jsonl.gz", 0, at=platform_now())
    releases, results = _judged(tmp_path / "export.jsonl.gz", tmp_path)
    assert [complaints(result) for result in results if complaints(result)] == []
    assert sum(result["count"] for result in results) == done.releases == len(releases)
    assert len({release["ocid"] for release in releases}) == done.processes
    assert totals.unreadable == [] and totals.imported >= 0.97 * totals.rows
    assert done.releases == len(journal.entries_after(0, 10_000, publishing.CODES)) <= totals.imported

"""Files → notices, in batches of one transaction each, through the same act as every other report.

A broken row costs only itself. Nothing here writes a table: what is good is handed to `tenders.services`.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from tradehall.exchange.adapters.catalogue import ADAPTERS, guess
from tradehall.exchange.adapters.files import UnreadableFile, read_rows
from tradehall.exchange.adapters.rows import Adapter, Row, Unreadable
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.tenders import services as tenders
from tradehall.tenders.reports import NoticeReport

BATCH = 1_000
BATCH_CHARACTERS = 4_000_000
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Totals:
    """imported + unchanged + refused = rows read; `unreadable` names files of which nothing could be read."""

    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.imported + self.unchanged + self.refused

    def line(self) -> str:
        return f"imported {self.imported}, unchanged {self.unchanged}, refused {self.refused}"


@dataclass(frozen=True, slots=True)
class _Claim:
    line: int
    report: NoticeReport


@dataclass(slots=True)
class _Run:
    adapter: Adapter | None
    by: Actor
    now: Callable[[], datetime]
    report: TextIO | None
    progress: Progress
    totals: Totals = field(default_factory=Totals)


def import_files(
    paths: Sequence[Path],
    *,
    adapter: str | None = None,
    report_path: Path | None = None,
    by: Actor,
    now: Callable[[], datetime],
    progress: Progress = lambda _file, _rows: None,
) -> Totals:
    """Every file in order. `now` is asked once a batch (the platform clock). An unknown adapter is a Refusal."""
    if adapter is not None and adapter not in ADAPTERS:
        known = "、".join(ADAPTERS)
        message = f"没有名为 {adapter} 的适配器；没有读取任何文件，可用：{known}"
        raise Refusal([Violation("adapter", message, "as")])
    with report_path.open("w", encoding="utf-8") if report_path else nullcontext() as report:
        run = _Run(ADAPTERS.get(adapter or ""), by, now, report, progress)
        for path in paths:
            _import_file(run, path)
    return run.totals


def _import_file(run: _Run, path: Path) -> None:
    try:
        for batch in _batches(run, path):
            _record(run, path, batch)
            run.progress(path.name, run.totals.rows)
    except UnreadableFile as error:
        run.totals.unreadable.append(f"{path}: {error}")
        _write(run, path, 0, "", [Violation("unreadable_file", str(error))])


def _batches(run: _Run, path: Path) -> Iterator[list[_Claim]]:
    batch: list[_Claim] = []
    size = 0
    for row in read_rows(path):
        claim = _claim(run, path, row)
        if claim is None:
            continue
        batch.append(claim)
        size += len(claim.report.raw)
        if len(batch) >= BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _claim(run: _Run, path: Path, row: Row | Unreadable) -> _Claim | None:
    if isinstance(row, Unreadable):
        _refuse(run, path, row.line, "", [Violation(row.rule, row.message)], row.value)
        return None
    adapter = run.adapter or guess(row)
    if adapter is None:
        message = "这些列不属于任何已知来源；请用 --as 指明适配器"
        _refuse(run, path, row.line, _id_of(row), [Violation("adapter", message)])
        return None
    try:
        return _Claim(row.line, adapter.convert(row))
    except Refusal as refusal:
        _refuse(run, path, row.line, _id_of(row), refusal.violations, fields=row.fields)
        return None


def _record(run: _Run, path: Path, batch: list[_Claim]) -> None:
    """One transaction; if the batch as a whole is refused, its rows are tried one by one."""
    try:
        receipts = tenders.record_notices([claim.report for claim in batch], by=run.by, at=run.now())
    except Refusal as refusal:
        if len(batch) == 1:
            one = batch[0]
            _refuse(run, path, one.line, one.report.source_id, refusal.violations)
            return
        for claim in batch:
            _record(run, path, [claim])
        return
    for receipt in receipts:
        run.totals.imported += receipt.status == "accepted"
        run.totals.unchanged += receipt.status == "unchanged"


def _id_of(row: Row) -> str:
    return str(row.fields.get("id") or row.fields.get("电子监管号") or "")[:200]


def _refuse(
    run: _Run, path: Path, line: int, source_id: str, violations: Sequence[Violation], value: str = "",
    fields: dict[str, object] | None = None,
) -> None:  # fmt: skip
    run.totals.refused += 1
    _write(run, path, line, source_id, violations, value, fields)


def _write(
    run: _Run, path: Path, line: int, source_id: str, violations: Sequence[Violation], value: str = "",
    fields: dict[str, object] | None = None,
) -> None:  # fmt: skip
    if run.report is None:
        return
    stated = fields or {}
    errors = [
        {
            "field": one.field,
            "value": str(stated.get(one.field or "", value) or "")[:200],
            "rule": one.code,
            "message": one.message,
        }
        for one in violations
    ]
    entry = {"file": str(path), "line": line, "id": source_id, "errors": errors}
    run.report.write(json.dumps(entry, ensure_ascii=False) + "\n")

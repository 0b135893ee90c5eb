"""Notices for the benches: titles and bodies recombined from real ones, so that words are as common as in life.

Reads any JSON-lines files; without one it recombines what it finds in the database's own notices. Makes no facts.
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tradehall.kernel.times import rfc3339

from .rules import Projected, project_rendition

BODY = 900
LINES = ("works", "procurement", "land", "property", "others")
KINDS = (
    ("tender_notice", "notice"), ("candidates", "review"), ("result", "result"), ("correction", "change"),
    ("contract", "contract"), ("plan", "plan"),
)  # fmt: skip
DISTRICTS = tuple(range(310101, 310121)) + (310000,)
NEWEST = datetime(2026, 9, 30, tzinfo=UTC)
QUARTER = timedelta(days=91)
PER_QUARTER = 18_000
_TAG = re.compile(r"<[^>]{0,200}>|&\w+;")
_CUT = re.compile(r"[\n。；]+")


@dataclass(frozen=True, slots=True)
class Texts:
    titles: Sequence[str]
    sentences: Sequence[str]
    names: Sequence[str]


def read_texts(paths: Iterable[Path]) -> Texts:
    titles: dict[str, None] = {}
    sentences: dict[str, None] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                titles[str(row.get("title") or "").strip()] = None
                for text in _long_texts(row):
                    sentences.update(dict.fromkeys(part.strip() for part in _CUT.split(text) if len(part.strip()) > 5))
    names = [name for name in sentences if name.endswith(("公司", "局", "中心", "学校")) and len(name) < 30]
    return Texts(tuple(filter(None, titles)), tuple(sentences), tuple(names))


def _long_texts(row: dict[str, Any]) -> Iterator[str]:
    for value in row.values():
        if isinstance(value, dict):
            yield from (f"{name}：{text}" for name, text in value.items() if text)
        elif isinstance(value, str) and len(value) > 5 and not value.startswith("http"):
            yield _TAG.sub("\n", value)


def notices(texts: Texts, count: int, seed: int = 1) -> Iterator[list[Projected]]:
    """Quarter after quarter from the newest, `PER_QUARTER` in each but the last."""
    chance = random.Random(seed)
    for first in range(0, count, PER_QUARTER):
        start = NEWEST - QUARTER * (first // PER_QUARTER + 1)
        size = min(PER_QUARTER, count - first)
        yield [
            project_rendition(_rendition(texts, chance, first + at, start + QUARTER * at / size), first + at + 1)
            for at in range(size)
        ]


def _rendition(texts: Texts, chance: random.Random, number: int, at: datetime) -> dict[str, Any]:
    kind, stage = chance.choice(KINDS)
    first, second = chance.choice(texts.titles), chance.choice(texts.titles)
    title = first[: len(first) // 2] + second[len(second) // 2 :]
    code = f"GC{at:%Y%m%d}-{number % 10_000:04d}"
    value: dict[str, Any] = {
        "notice_no": f"X{number:014d}", "version": 1, "kind": kind, "kind_label": kind, "nature": "normal",
        "stage": stage, "line": chance.choice(LINES), "title": title, "project_no": f"Y{number:012d}",
        "project_title": title, "project_code": code, "attempt": 1, "lots": [], "agency": None, "method": "open",
        "principal": {"name": chance.choice(texts.names), "uscc": None}, "district": str(chance.choice(DISTRICTS)),
        "district_name": None, "published_at": rfc3339(at), "published_precision": "minute", "opens_at": None,
        "closes_at": None, "moved_from": None, "amount": {"cents": chance.randrange(10**9), "currency": "CNY"},
        "facts": {}, "body": _body(texts, chance), "findings": [],
        "source": {"system": "bench", "name": "bench", "id": str(number), "reported": True},
    }  # fmt: skip
    return value


def _body(texts: Texts, chance: random.Random) -> list[dict[str, str]]:
    size, parts = 0, list[str]()
    wanted = chance.randrange(BODY // 3, BODY * 5 // 3)
    while size < wanted:
        at = chance.randrange(len(texts.sentences))
        run = texts.sentences[at : at + 3]
        parts += run
        size += sum(len(part) + 1 for part in run)
    return [{"type": "paragraph", "text": "\n".join(parts)[: wanted + 100]}]

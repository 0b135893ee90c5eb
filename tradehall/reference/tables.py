"""Reading the lists that are shipped as files: cached, never written, each with its source in `data/manifest.toml`.

Only `codes`, `places` and checks of the installation read through here; no list is known by name to this module.
"""

import csv
import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from. `is_provisional`: the list as a whole is a stand-in until the official one is had."""

    name: str
    title: str
    source: str
    licence: str
    as_of: date
    rows: int
    sha256: str
    is_provisional: bool
    note: str


@cache
def sources() -> tuple[Source, ...]:
    listed = tomllib.loads(_folder().joinpath("manifest.toml").read_text("utf-8"))["list"]
    return tuple(Source(**entry) for entry in listed)


def source(name: str) -> Source:
    return next(each for each in sources() if each.name == name)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    text = _folder().joinpath(f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def damage() -> list[str]:
    """What is wrong with the shipped files, in words; empty when every file is as its source entry says."""
    found = []
    for each in sources():
        if hashlib.sha256(_folder().joinpath(f"{each.name}.csv").read_bytes()).hexdigest() != each.sha256:
            found.append(f"代码表 {each.name}（{each.title}）与清单记录的摘要不符")
        elif len(rows(each.name)) != each.rows:
            found.append(f"代码表 {each.name}（{each.title}）应有 {each.rows} 行，实有 {len(rows(each.name))} 行")
    return found


def _folder() -> Traversable:
    return files("tradehall.reference") / "data"

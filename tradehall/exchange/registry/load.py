"""Reads the registry: `fields.toml`, `data_sets/*.toml`, and what installed lines add in their `line.toml`.

A mistake in a file stops the start in words. Data sets are found by name or alias, nowhere else.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

from tradehall.exchange.registry.shape import AT_ONCE, HELD, DataSet, Field, Obligation
from tradehall.reference import codes

FOLDER = Path(__file__).parent
TAIL = (("PLATFORM_CODE", "M"), ("DATA_TIMESTAMP", "M"), ("PUB_SERVICE_PLAT_CODE", "O"))
WORKS_TAIL = (("TRADE_PLAT", "O"), ("PUB_SERVICE_PLAT", "O"))
TYPES = frozenset(
    {"text", "long", "int", "number", "money", "date", "time", "yes_no", "code", "uscc", "party_code", "deal_code",
     "deal_codes", "region", "fixed"}
)  # fmt: skip
Entry = Mapping[str, Any]


class BrokenRegistry(Exception):
    """A registry file says something impossible."""


@cache
def data_sets() -> dict[str, DataSet]:
    """Every data set by its name, in the order of the files; those that lines add come last."""
    found: dict[str, DataSet] = {}
    for line, entry in (*_shipped(), *_added_by_lines()):
        one = _data_set(line, entry)
        if one.name in found:
            raise BrokenRegistry(f"data set {one.name} is declared twice")
        found[one.name] = one
    return found


def data_set(name: str) -> DataSet | None:
    return data_sets().get(name) or _by_alias().get(name)


@cache
def code_list(name: str) -> dict[str, str]:
    """Code → Chinese word, from the confirmed dictionaries or from the provisional lists of this registry."""
    own = _own_codes().get(name)
    if own is not None:
        return own
    return {code: item.name for code, item in codes.dictionary(name).items()}


@cache
def _by_alias() -> dict[str, DataSet]:
    return {alias: one for one in data_sets().values() for alias in one.aliases}


@cache
def _vocabulary() -> dict[str, list[str]]:
    return _read(FOLDER / "fields.toml")


@cache
def _own_codes() -> dict[str, dict[str, str]]:
    return _read(FOLDER / "codes.toml")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _shipped() -> Iterable[tuple[str, Entry]]:
    order = ("works", "procurement", "land", "property", "others", "subjects", "credit", "events")
    for name in order:
        stated = _read(FOLDER / "data_sets" / f"{name}.toml")
        for entry in stated["data_sets"]:
            yield stated["line"], entry


def _added_by_lines() -> Iterable[tuple[str, Entry]]:
    for config in apps.get_app_configs():
        path = Path(config.path) / "line.toml"
        stated = _read(path) if path.is_file() else {}
        for entry in stated.get("data_sets", ()):
            yield str(stated["code"]), entry


def _data_set(line: str, entry: Entry) -> DataSet:
    override: dict[str, list[str]] = entry.get("override", {})
    fields: dict[str, Field] = {}
    for wire, obligation, is_provisional in (*_listed(entry), *_tail(line)):
        stated = override.get(wire) or _vocabulary().get(wire)
        if stated is None or wire in fields:
            raise BrokenRegistry(f"{entry['name']}: field {wire} is {'unknown' if stated is None else 'listed twice'}")
        fields[wire] = _field(entry["name"], wire, stated, obligation, is_provisional)
    given = {key: entry[key] for key in ("kind", "kinds", "standing", "amount", "data_no") if key in entry}
    return DataSet(
        name=entry["name"], label=entry["label"], line=line, meaning=entry.get("meaning", "record"),
        fields=tuple(fields.values()), mark=entry["mark"], aliases=tuple(entry.get("aliases", ())),
        published=tuple(entry.get("published", ("published_at", "published_on"))), onward=_onward(entry), **given,
    )  # fmt: skip


def _onward(entry: Entry) -> str:
    """Said of every record set and of no other: one that says nothing would be told on, or be lost, by oversight."""
    is_kept, stated = entry.get("meaning", "record") == "record", entry.get("onward")
    if is_kept and stated not in (AT_ONCE, *HELD):
        raise BrokenRegistry(f"{entry['name']}: onward is {AT_ONCE}, or why it is held: {', '.join(HELD)}")
    if not is_kept and stated is not None:
        raise BrokenRegistry(f"{entry['name']}: onward is for data sets that are kept only; what is published goes on")
    return str(stated or AT_ONCE)


def _listed(entry: Entry) -> Iterable[tuple[str, Obligation, bool]]:
    obligations: tuple[tuple[str, Obligation], ...] = (("mandatory", "M"), ("conditional", "C"), ("optional", "O"))
    for key, obligation in obligations:
        for wire in str(entry.get(key, "")).split():
            yield wire, obligation, False
    for wire in str(entry.get("unconfirmed", "")).split():
        yield wire, "O", True


def _tail(line: str) -> Iterable[tuple[str, Obligation, bool]]:
    for wire, obligation in (*TAIL, *(WORKS_TAIL if line == "works" else ())):
        yield wire, "M" if obligation == "M" else "O", False


def _field(name: str, wire: str, stated: list[str], obligation: Obligation, is_provisional: bool) -> Field:
    clean, label, kind = stated
    one = Field(wire, clean, label, kind, obligation, is_provisional)
    if one.base not in TYPES:
        raise BrokenRegistry(f"{name}: field {wire} has the unknown type {kind!r}")
    if one.base == "code":
        code_list(one.argument)
    return one

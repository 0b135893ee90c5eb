"""Reads definition files and the register: parse, lay overlays over their base, shape, digest.

No judgement of law here (`soundness`) and no database (`services`). The digest is SHA-256 over the canonical JSON of
the flattened form, so two files that say the same have the same digest.
"""

import copy
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps

from tradehall.kernel.canonical import canonical_json
from tradehall.procedures.rules import Definition, LawText, Register, Rule
from tradehall.procedures.shape import ShapeError, read

HERE = Path(__file__).resolve().parent
REGISTER = HERE / "rules_register.toml"
IDENTITY = ("id", "version", "valid_from")
Table = dict[str, Any]


class DefinitionError(ValueError):
    """A definition that cannot be used: file, key and the reason in words."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}：{key}：{reason}" if key else f"{file}：{reason}")
        self.file = file
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Loaded:
    """One definition ready for use: the value, its canonical text and the digest of that text."""

    file: str
    definition: Definition
    text: bytes
    digest: str


def parse(text: str, file: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(file, "", f"不是有效的 TOML：{error}") from error


def overlay(base: Table, over: Table) -> Table:
    """Tables merge key by key; a list or a value of the overlay replaces the base's whole."""
    merged = copy.deepcopy(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = overlay(merged[key], value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def flatten(table: Table, others: Mapping[str, Table], file: str) -> Table:
    """The table laid over the one its `base` names; exactly one level."""
    name = table.get("base")
    if name is None:
        return copy.deepcopy(table)
    base = others.get(str(name))
    if base is None:
        raise DefinitionError(file, "base", f"找不到 {name}")
    if "base" in base:
        raise DefinitionError(file, "base", f"{name} 本身已是覆盖层，只允许一层")
    for key in ("id", "version"):
        if key not in table:
            raise DefinitionError(file, key, "覆盖层必须写明自己的编号和版本")
    return overlay(base, table)


def shape(table: Table, file: str) -> Definition:
    try:
        return read(Definition, table)
    except ShapeError as error:
        raise DefinitionError(file, error.path, error.reason) from error


def _plain(value: object) -> object:
    """JSON values only: dates become ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def finish(table: Table, file: str) -> Loaded:
    """Shape and digest one flattened table; text pins exactly what was checked."""
    definition = shape(table, file)
    text = canonical_json(_plain(table))
    return Loaded(file, definition, text, hashlib.sha256(text).hexdigest())


def load_tables(tables: Mapping[str, Table]) -> tuple[Loaded, ...]:
    """All definitions of a set of parsed files (file name → table), overlays flattened, identities unique."""
    by_name: dict[str, Table] = {}
    for file, table in tables.items():
        name = f"{table.get('id')}@{table.get('version')}"
        if name in by_name:
            raise DefinitionError(file, "id", f"{name} 已由另一个文件定义")
        by_name[name] = table
    return tuple(finish(flatten(t, by_name, file), file) for file, t in sorted(tables.items()))


def definition_files() -> list[Path]:
    """The files of all installed lines: a line brings its definitions with it, in its folder `definitions`."""
    found = (path for config in apps.get_app_configs() for path in Path(config.path).glob("definitions/*.toml"))
    return sorted(found, key=lambda path: path.name)


def load_files(paths: Iterable[Path]) -> tuple[Loaded, ...]:
    return load_tables({path.name: parse(path.read_text("utf-8"), path.name) for path in paths})


@dataclass(frozen=True, slots=True)
class _RegisterFile:
    laws: tuple[LawText, ...]
    rules: tuple[Rule, ...]


def load_register(path: Path = REGISTER) -> Register:
    table = parse(path.read_text("utf-8"), path.name)
    try:
        shaped = read(_RegisterFile, table)
    except ShapeError as error:
        raise DefinitionError(path.name, error.path, error.reason) from error
    ids = [rule.id for rule in shaped.rules]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise DefinitionError(path.name, "rules", f"编号重复：{'、'.join(twice)}")
    return Register(shaped.laws, shaped.rules)

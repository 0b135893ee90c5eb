"""Real definitions as tables to spoil one key at a time, and the register they are judged by."""

import copy
from functools import cache
from typing import Any

from tradehall.procedures import loading
from tradehall.procedures.rules import Definition, Register
from tradehall.procedures.soundness import problems

Table = loading.Table


@cache
def register() -> Register:
    return loading.load_register()


@cache
def _loaded() -> dict[str, loading.Loaded]:
    return {item.definition.id: item for item in loading.load_files(loading.definition_files())}


def definition(definition_id: str) -> Definition:
    return _loaded()[definition_id].definition


def every_id() -> list[str]:
    return sorted(_loaded())


def table(definition_id: str) -> Table:
    """The flattened table of a definition, free to be changed."""
    files = {p.name: loading.parse(p.read_text("utf-8"), p.name) for p in loading.definition_files()}
    by_name = {f"{t['id']}@{t['version']}": t for t in files.values()}
    mine = next(t for t in files.values() if t["id"] == definition_id)
    return copy.deepcopy(loading.flatten(mine, by_name, f"{definition_id}.toml"))


def put(changed: Table, path: str, value: object) -> Table:
    """Set `law.periods.0.min`: names are keys, numbers are places in a list; None takes the key away."""
    *parents, last = path.split(".")
    place: Any = changed
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        del place[last]
    else:
        place[last] = value
    return changed


def spoiled(definition_id: str, path: str, value: object) -> tuple[tuple[str, str], ...]:
    """What soundness says when one key of a sound definition is changed."""
    changed = put(table(definition_id), path, value)
    return problems(loading.shape(changed, f"{definition_id}.toml"), register())

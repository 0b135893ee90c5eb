"""The words and links of the shell (`shell.toml`), read once and served per language.

Only for what stands around a page: the words of trade belong to the apps that own them.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
LANG_TAGS = {"zh-hans": "zh-CN", "zh-hant": "zh-Hant", "en": "en"}
MODES = ("normal", "elder", "contrast")


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("shell.toml").read_text(encoding="utf-8"))


@cache
def words(lang: str) -> dict[str, str]:
    at = list(LANGUAGES).index(lang)
    return {key: names[at] for key, names in _source()["words"].items()}


@cache
def _links(lang: str, *path: str) -> tuple[dict[str, Any], ...]:
    at = list(LANGUAGES).index(lang)
    entries: Any = _source()
    for key in path:
        entries = entries[key]
    return tuple({"href": e["href"], "also": e.get("also", []), "name": e["name"][at]} for e in entries)


def foot(lang: str) -> dict[str, tuple[dict[str, Any], ...]]:
    return {part: _links(lang, "foot", part) for part in ("trades", "services", "data")}


def navigation(lang: str, path: str) -> list[dict[str, Any]]:
    """The main menu with the entry of this page marked; an address below an entry belongs to it."""
    return [{**entry, "current": _covers(entry, path)} for entry in _links(lang, "nav")]


def _covers(entry: dict[str, Any], path: str) -> bool:
    if entry["href"] == "/":
        return path == "/"
    return any(path.startswith(prefix) for prefix in (entry["href"], *entry["also"]))

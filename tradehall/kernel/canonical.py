"""One and only one way to write a value as bytes: what digests, leaves and proof files are made of.

Sorted keys, separators `,` and `:`, UTF-8 unescaped, no floats. Not for showing JSON to people.
"""

import json
from typing import NoReturn

import orjson

_MAX_DEPTH = 100
_LEAVES = frozenset({str, int, bool, type(None)})
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: object) -> bytes:
    """The canonical bytes of `value`, or ValueError when it holds anything that has no single spelling."""
    _check(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        # Whole numbers beyond 64 bits, named tuples, keys that are no text; and half a surrogate pair, which raises
        # UnicodeEncodeError here.
        _check_keys(value)
        return _encode(value).encode("utf-8")


def parse_canonical(content: bytes) -> object:
    """Read canonical bytes; white space, other key orders, escapes, doubled keys and floats are refused."""
    try:
        value: object = json.loads(content.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if canonical_json(value) != content:
        raise ValueError("not in canonical form")
    return value


def _check(value: object) -> None:
    """Asked of every value of every notice, so level by level: a look at most values, no call for any."""
    level = [value]
    for _ in range(_MAX_DEPTH + 2):
        holders = [one for one in level if type(one) not in _LEAVES]
        if not holders:
            return
        level = []
        for one in holders:
            if isinstance(one, dict):
                level += one.values()
            elif isinstance(one, list | tuple):
                level += one
            elif not isinstance(one, str | int):
                raise ValueError(f"{type(one).__name__} has no canonical form")
    raise ValueError("nested too deeply")


def _check_keys(value: object) -> None:
    """A key that is no text has no canonical form, though the encoder would find it a spelling."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise ValueError(f"keys must be text, not {type(key).__name__}")
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            _check_keys(item)


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"numbers are whole here, not {text[:40]}")

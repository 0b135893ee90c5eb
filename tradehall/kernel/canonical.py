"""One and only one way to write a value as bytes: what digests, leaves and proof files are made of.

Sorted keys, separators `,` and `:`, UTF-8 unescaped, no floats. Not for showing JSON to people.
"""

import json
from typing import NoReturn

import orjson

_MAX_DEPTH = 100
_PLAIN = (str, int)
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: object) -> bytes:
    """The canonical bytes of `value`, or ValueError when it holds anything that has no single spelling."""
    _check(value, 0)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        # Whole numbers beyond 64 bits, named tuples; and half a surrogate pair, which raises UnicodeEncodeError here.
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


def _check(value: object, depth: int) -> None:
    """Asked of every value of every notice: the nearest answers first, and no call where a look is enough."""
    if value is None or isinstance(value, _PLAIN):
        return
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, item in value.items():
            if key.__class__ is not str and not isinstance(key, str):
                raise ValueError(f"keys must be text, not {type(key).__name__}")
            if item.__class__ is not str:
                _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            if item.__class__ is not str:
                _check(item, depth + 1)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical form")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"numbers are whole here, not {text[:40]}")

"""Turns a parsed TOML or JSON table into a frozen dataclass, naming the key that does not fit.

Unknown keys, missing keys and wrong types are problems with a path; nothing is coerced except an ISO date kept as text.
"""

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from typing import TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Hint = typing.Any  # a type as `get_type_hints` gives it: a class, a union or a generic


class ShapeError(ValueError):
    """`path` is the dotted key inside the file, `reason` says in words what is wrong with it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or '文件'}：{reason}")
        self.path = path
        self.reason = reason


def read(kind: type[T], table: object, path: str = "") -> T:
    """The dataclass `kind` from a table; raises ShapeError at the first key that does not fit."""
    if not isinstance(table, dict):
        raise ShapeError(path, "应为一组键值")
    hints = get_type_hints(kind)
    known = {f.name.rstrip("_"): f for f in fields(typing.cast(typing.Any, kind))}
    for key in table:
        if key not in known:
            raise ShapeError(_join(path, str(key)), "未知的键")
    values: dict[str, typing.Any] = {}
    for key, spec in known.items():
        if key in table:
            values[spec.name] = _value(hints[spec.name], table[key], _join(path, key))
        elif spec.default is MISSING and spec.default_factory is MISSING:
            raise ShapeError(_join(path, key), "缺少必填的键")
    return kind(**values)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _value(hint: Hint, value: object, path: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _any_of(get_args(hint), value, path)
    if origin is tuple:
        return _items(get_args(hint)[0], value, path)
    if origin is dict:
        return _entries(get_args(hint)[1], value, path)
    if is_dataclass(hint):
        return read(typing.cast(type, hint), value, path)
    if hint is date and isinstance(value, str):
        return _date(value, path)
    if type(value) is not hint:
        raise ShapeError(path, f"值的类型不对，应为 {hint.__name__}，实为 {type(value).__name__}")
    return value


def _any_of(hints: tuple[Hint, ...], value: object, path: str) -> object:
    if value is None and type(None) in hints:
        return None
    choices = [h for h in hints if h is not type(None)]
    if len(choices) == 1:
        return _value(choices[0], value, path)
    if type(value) in choices:
        return value
    raise ShapeError(path, f"值的类型不对：{type(value).__name__}")


def _items(hint: Hint, value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise ShapeError(path, "应为列表")
    return tuple(_value(hint, item, f"{path}[{n}]") for n, item in enumerate(value))


def _entries(hint: Hint, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ShapeError(path, "应为一组键值")
    return {str(key): _value(hint, item, _join(path, str(key))) for key, item in value.items()}


def _date(value: str, path: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ShapeError(path, f"不是日期：{value}") from error

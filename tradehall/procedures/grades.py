"""资金来源分级: the definition as it reads under one grade, with keys overridden and dropped rules gone.

Which grade a project falls under is not decided here; the first whose condition holds is chosen by whoever knows.
"""

from dataclasses import fields, is_dataclass, replace
from typing import cast

from tradehall.procedures.rules import Definition, Grade


class GradeError(ValueError):
    """A grade that cannot be laid over its definition; `key` names the part of the grade."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}：{reason}")
        self.key = key
        self.reason = reason


def graded(definition: Definition, grade: Grade) -> Definition:
    """Raises GradeError when a key does not exist, holds no word, or a dropped rule is not there."""
    changed = definition
    for path, value in grade.set.items():
        changed = cast(Definition, _put(changed, path.split("."), value, f"set.{path}"))
    known = {row.rule for row in definition.law.periods} | {row.rule for row in definition.law.filings}
    for rule in grade.drop:
        if rule not in known:
            raise GradeError("drop", f"定义中没有规则 {rule}")
    law = changed.law
    periods = tuple(row for row in law.periods if row.rule not in grade.drop)
    filings = tuple(row for row in law.filings if row.rule not in grade.drop)
    return replace(changed, law=replace(law, periods=periods, filings=filings))


def with_grade(definition: Definition, name: str) -> Definition:
    grade = next((one for one in definition.law.grades if one.name == name), None)
    if grade is None:
        raise GradeError("name", f"没有名为 {name} 的分级")
    return graded(definition, grade)


def _put(table: object, path: list[str], value: str, key: str) -> object:
    name, *rest = path
    if not is_dataclass(table) or isinstance(table, type) or name not in {f.name for f in fields(table)}:
        raise GradeError(key, "定义中没有这个键")
    old = getattr(table, name)
    if rest:
        return replace(table, **{name: _put(old, rest, value, key)})
    if not isinstance(old, str):
        raise GradeError(key, "只能改写一个词，不能改写一组键值")
    return replace(table, **{name: value})

"""Turns a data set into one flat function: wire fields → clean values, refusals and findings, all at once.

Never raises about what was sent. Judges one record by itself; who may send it and what it means is decided elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import DataSet
from tradehall.exchange.registry.values import RULES, Odd, check_of
from tradehall.kernel.masking import mask_personal
from tradehall.tenders.reports import Finding

SHOWN = 200
Validate = Callable[[Mapping[str, object]], "Checked"]


@dataclass(slots=True)
class Checked:
    """`errors` refuse the record, `findings` are published with it. Both name the wire field, the value and the rule."""

    values: dict[str, object] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@cache
def validator(name: str) -> Validate:
    return compile_data_set(data_sets()[name])


def compile_data_set(one: DataSet) -> Validate:
    plan = [(each.wire, each.name, check_of(each), RULES.get(each.base, each.base)) for each in one.fields]
    required = [(each.wire, each.label) for each in one.fields if each.obligation == "M"]
    known = frozenset(each.wire for each in one.fields)

    def validate(fields: Mapping[str, object]) -> Checked:
        checked = Checked()
        values = checked.values
        for wire, name, check, rule in plan:
            raw = fields.get(wire)
            if raw is None or raw == "":
                continue
            try:
                values[name] = check(raw if type(raw) is str else wire_text(raw), fields)
            except Odd as odd:
                checked.findings.append(Finding(odd.rule, odd.message, wire, shown(raw)))
                if odd.value is not None:
                    values[name] = odd.value
            except ValueError as error:
                checked.errors.append(Finding(rule, str(error), wire, shown(raw)))
        checked.findings += [
            Finding("missing", f"没有报送{label}", wire) for wire, label in required if fields.get(wire) in (None, "")
        ]
        if not known.issuperset(fields):
            checked.errors += _unknown(one.name, fields, known)
        return checked

    return validate


def _unknown(name: str, fields: Mapping[str, object], known: frozenset[str]) -> list[Finding]:
    message = f"{name} 没有这个字段；字段表见 /api/v1/exchange/data-sets"
    return [
        Finding("unknown_field", message, wire[:SHOWN], shown(fields[wire])) for wire in sorted(set(fields) - known)
    ]


def wire_text(raw: object) -> str:
    """A JSON scalar as the text the wire would carry; ValueError for anything that is no scalar."""
    if isinstance(raw, bool):
        return "1" if raw else "0"
    if isinstance(raw, str | int):
        return str(raw)
    raise ValueError("字段值应为文字或数字")


def shown(raw: object) -> str:
    """A value as answers repeat it: short, without anybody's numbers."""
    return mask_personal(str(raw)[: SHOWN * 2])[:SHOWN]

"""Clean values → the fields of a data set under their wire names: the way back of `registry.values`.

Pure. States nothing that is not there: a field without a value is left out, and the national platform says if it minds.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from tradehall.exchange.registry.shape import DataSet, Field
from tradehall.kernel.times import parse_rfc3339, to_beijing

YUAN, WAN = "0", "1"
_CENTS = {YUAN: Decimal(100), WAN: Decimal(1_000_000)}
_FIXED_UNITS = {"yuan": YUAN, "wan": WAN}
# What XML 1.0 cannot carry in any way of writing it.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Values = Mapping[str, object]


def wire_fields(data_set: DataSet, values: Values) -> dict[str, str]:
    """In the order of the registry."""
    units = _units(data_set, values)
    fields: dict[str, str] = {}
    for one in data_set.fields:
        value = units.get(one.wire) or values.get(one.name)
        if value is None or value == "" or value == [] or isinstance(value, dict):
            continue
        fields[one.wire] = _UNWRITABLE.sub("", _text(one, value, units))
    return fields


def _units(data_set: DataSet, values: Values) -> dict[str, str]:
    """The unit of each amount that is stated, by the wire name of the unit: as the sender had it, else yuan."""
    names = {one.wire: one.name for one in data_set.fields}
    units: dict[str, str] = {}
    for one in data_set.fields:
        if one.base == "money" and one.argument in names and values.get(one.name) is not None:
            stated = str(values.get(names[one.argument]))
            units[one.argument] = stated if stated in _CENTS else YUAN
    return units


def _text(field: Field, value: object, units: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    if field.base == "money" and isinstance(value, int):
        unit = _FIXED_UNITS.get(field.argument) or units.get(field.argument, YUAN)
        return f"{(Decimal(value) / _CENTS[unit]).normalize():f}"
    if field.base in ("date", "time") and isinstance(value, str):
        return _moment(field.base, value)
    return str(value)


def _moment(base: str, text: str) -> str:
    if base == "date":
        return text[:10].replace("-", "")
    try:
        return to_beijing(parse_rfc3339(text)).strftime("%Y%m%d%H%M%S")
    except ValueError:  # a day alone, as some notices state it
        return text[:10].replace("-", "") + "000000"

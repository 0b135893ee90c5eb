"""The registry as documents: the list of data sets, and a JSON Schema and an XSD for each.

XSD 1.0 cannot tie a value to the name beside it, so the types of single fields are said in its annotations.
"""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tradehall.exchange.registry.load import code_list, data_sets
from tradehall.exchange.registry.shape import DataSet, Field
from tradehall.exchange.registry.values import LONGEST_LONG, LONGEST_TEXT

Json = dict[str, object]
OBLIGATIONS = {"M": "必填（缺少为发现，不退回）", "C": "视情况填写", "O": "选填"}
NOTE = "字段长度、必填标志和未列明来源的代码值为本平台所定，规范原文未取得"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MANY = {"minOccurs": "0", "maxOccurs": "unbounded"}
_ATTACHMENT = {
    "name": ("xs:string", True), "sha256": ("xs:string", False), "md5": ("xs:string", False),
    "url": ("xs:anyURI", False),
}  # fmt: skip
_RECORD = {
    "data_set": ("dataSet", True), "data_type": ("xs:integer", True), "data_key": ("xs:string", True),
    "platform_code": ("xs:string", False), "data_timestamp": ("xs:string", False),
}  # fmt: skip
_XS = "http://www.w3.org/2001/XMLSchema"
_PATTERNS: dict[str, str] = {
    "date": r"^\d{8}$", "time": r"^\d{14}$", "uscc": r"^[0-9A-HJ-NPQRTUWXY]{18}$", "number": r"^-?\d+(\.\d+)?$",
    "int": r"^\d{1,9}$", "money": r"^\d[\d,]*(\.\d+)?$", "region": r"^\d{6}$", "yes_no": "^[01]$",
}  # fmt: skip


def catalogue() -> Json:
    return {"note": NOTE, "data_sets": [described(one) for one in data_sets().values()]}


def described(one: DataSet) -> Json:
    return {
        "name": one.name,
        "label": one.label,
        "line": one.line or None,
        "data_no": one.data_no or None,
        "aliases": list(one.aliases),
        "meaning": one.meaning,
        "kind": one.kind or one.standing or None,
        "is_own": one.mark == "own",
        "is_provisional": one.is_provisional,
        "fields": [_described(each) for each in one.fields],
    }


def json_schema(one: DataSet) -> Json:
    """For one record of the data set as `POST /exchange/records` takes it."""
    properties = {each.wire: _schema(each) for each in one.fields}
    record: Json = {
        "data_set": {"enum": [one.name, *one.aliases]},
        "data_type": {"enum": [1, 2, 3], "description": "1 新增，2 修改，3 删除"},
        "data_key": {"type": "string", "minLength": 1, "maxLength": 200},
        "platform_code": {"type": "string", "pattern": _PATTERNS["uscc"]},
        "data_timestamp": {"type": "string", "pattern": _PATTERNS["time"]},
        "fields": {"type": "object", "properties": properties, "additionalProperties": False},
        "attachments": {"type": "array", "items": _attachment()},
    }
    return {
        "$schema": _DRAFT, "$id": f"/api/v1/exchange/data-sets/{one.name}.json-schema", "title": one.label,
        "description": NOTE, "type": "object", "properties": record, "additionalProperties": False,
        "required": ["data_set", "data_type", "data_key", "fields"],
    }  # fmt: skip


def xsd(one: DataSet) -> bytes:
    root = Element("xs:schema", {"xmlns:xs": _XS, "elementFormDefault": "qualified"})
    _note(root, f"{one.label}（{one.name}）。{NOTE}")
    _records(root)
    names = SubElement(
        SubElement(root, "xs:simpleType", {"name": "fieldName"}), "xs:restriction", {"base": "xs:string"}
    )
    for each in one.fields:
        _note(SubElement(names, "xs:enumeration", {"value": each.wire}), _words(each))
    sets = SubElement(SubElement(root, "xs:simpleType", {"name": "dataSet"}), "xs:restriction", {"base": "xs:string"})
    for name in (one.name, *one.aliases):
        SubElement(sets, "xs:enumeration", {"value": name})
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _records(root: Element) -> None:
    records = SubElement(SubElement(root, "xs:element", {"name": "records"}), "xs:complexType")
    record = SubElement(SubElement(records, "xs:sequence"), "xs:element", {"name": "record", **_MANY})
    kind = SubElement(record, "xs:complexType")
    content = SubElement(kind, "xs:sequence")
    _valued(SubElement(content, "xs:element", {"name": "field", **_MANY}), {"name": ("fieldName", True)})
    _valued(SubElement(content, "xs:element", {"name": "attachment", **_MANY}), _ATTACHMENT)
    _attributes(kind, _RECORD)


def _valued(element: Element, attributes: dict[str, tuple[str, bool]]) -> None:
    content = SubElement(SubElement(element, "xs:complexType"), "xs:simpleContent")
    _attributes(SubElement(content, "xs:extension", {"base": "xs:string"}), attributes)


def _attributes(parent: Element, attributes: dict[str, tuple[str, bool]]) -> None:
    for name, (kind, is_required) in attributes.items():
        use = "required" if is_required else "optional"
        SubElement(parent, "xs:attribute", {"name": name, "type": kind, "use": use})


def _note(parent: Element, text: str) -> None:
    SubElement(SubElement(parent, "xs:annotation"), "xs:documentation").text = text


def _words(one: Field) -> str:
    provisional = "；线上字段名未核实" if one.is_provisional else ""
    return f"{one.label}；{one.type}；{OBLIGATIONS[one.obligation]}{provisional}"


def _described(one: Field) -> Json:
    return {
        "wire": one.wire, "name": one.name, "label": one.label, "type": one.type, "obligation": one.obligation,
        "is_provisional": one.is_provisional,
        "codes": code_list(one.argument) if one.base == "code" else None,
    }  # fmt: skip


def _schema(one: Field) -> Json:
    schema: Json = {"type": "string", "title": one.label, "description": f"{one.type}；{OBLIGATIONS[one.obligation]}"}
    pattern = _PATTERNS.get(one.base)
    if pattern:
        schema["pattern"] = pattern
    elif one.base == "code":
        schema["examples"] = sorted(code_list(one.argument))
    elif one.base in ("text", "long"):
        schema["maxLength"] = LONGEST_TEXT if one.base == "text" else LONGEST_LONG
    return schema


def _attachment() -> Json:
    text: Json = {"type": "string"}
    return {
        "type": "object", "required": ["name"], "additionalProperties": False,
        "properties": {
            "name": text, "sha256": text, "md5": text, "url": text,
            "content_base64": {"type": "string", "contentEncoding": "base64"},
        },
    }  # fmt: skip

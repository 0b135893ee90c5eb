"""The XML form of records, read into the same plain mappings as the JSON form, and written for examples.

Document types, entities and external references are refused before anything is expanded.
"""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

ATTRIBUTES = ("data_set", "data_type", "data_key", "platform_code", "data_timestamp")
ATTACHMENT = ("name", "sha256", "md5", "url")
DEEPEST = 64
CHUNK = 65_536


class UnreadableXml(Exception):
    """Not well-formed, not ours, or hostile; the message says which."""


def read_records(content: bytes) -> list[object]:
    """One mapping for each `<record>`; a record of the wrong shape keeps its place as text that says what is wrong."""
    root = _parse(content)
    if root.tag != "records" or root.attrib:
        raise UnreadableXml(f"最外层元素应为没有属性的 <records>，收到 <{root.tag[:60]}>")
    return [_record(each) for each in root]


def write_records(records: Iterable[Mapping[str, object]]) -> bytes:
    root = Element("records")
    for record in records:
        one = SubElement(root, "record", {key: str(record[key]) for key in ATTRIBUTES if key in record})
        fields = record["fields"]
        for wire, value in fields.items() if isinstance(fields, Mapping) else ():
            SubElement(one, "field", {"name": wire}).text = str(value)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _parse(content: bytes) -> Element:
    parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)
    try:
        for start in range(0, len(content), CHUNK):
            parser.feed(content[start : start + CHUNK])
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise UnreadableXml("不接受带有文档类型或实体的 XML；没有读取任何记录") from error
    except (ParseError, ValueError, LookupError, AssertionError) as error:
        raise UnreadableXml(f"不是可读的 XML：{str(error)[:200]}") from error
    return root


class _Shallow:
    """Builds a message; nesting far beyond what one has ends the reading instead of filling the memory."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._root: Element | None = None
        self._text: list[str] = []
        self._last: Element | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise ValueError(f"元素嵌套超过 {DEEPEST} 层")
        self._flush()
        one = Element(tag, attributes)
        if self._open:
            self._open[-1].append(one)
        else:
            self._root = one
        self._open.append(one)

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        self._flush()
        self._open.pop()

    def close(self) -> Element:
        if self._root is None:
            raise ValueError("没有内容")
        return self._root

    def _flush(self) -> None:
        if self._text and self._open:
            one = self._open[-1]
            one.text = (one.text or "") + "".join(self._text)
        self._text.clear()


def _record(element: Element) -> object:
    if element.tag != "record":
        return f"应为 <record>，收到 <{element.tag[:60]}>"
    record: dict[str, object] = dict(element.attrib)
    fields: dict[str, object] = {}
    attachments: list[object] = []
    for child in element:
        if child.tag == "attachment":
            attachments.append(_attachment(child))
            continue
        name = child.get("name")
        if child.tag != "field" or name is None or len(child) or name in fields:
            return f"应为不重复、不嵌套的 <field name=…>，收到 <{child.tag[:60]} name={(name or '')[:60]}>"
        fields[name] = child.text or ""
    record["fields"] = fields
    if attachments:
        record["attachments"] = attachments
    return record


def _attachment(element: Element) -> dict[str, object]:
    attachment: dict[str, object] = dict(element.attrib)
    if element.text and element.text.strip():
        attachment["content_base64"] = "".join(element.text.split())
    return attachment

"""What arrives, before it means anything: a body becomes records in order, each readable or with what is wrong with it.

A body that cannot be read at all is `UnreadableBody`; one bad record costs only itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tradehall.exchange.registry.compile import shown, wire_text
from tradehall.exchange.registry.load import data_set
from tradehall.exchange.registry.shape import DataSet
from tradehall.exchange.registry.wire_xml import UnreadableXml, read_records
from tradehall.tenders.reports import Finding

LONGEST_KEY = 200
KEYS = frozenset({"data_set", "data_type", "data_key", "platform_code", "data_timestamp", "fields", "attachments"})
ATTACHMENT_KEYS = frozenset({"name", "sha256", "md5", "content_base64", "url"})
TAIL = {"platform_code": "PLATFORM_CODE", "data_timestamp": "DATA_TIMESTAMP"}
ADD, MODIFY, DELETE = 1, 2, 3


class UnreadableBody(Exception):
    """Nothing of this body could be read; `field` says where, when that is known."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(slots=True)
class Record:
    """One record as sent. `data_set` is None, and `errors` say why, when it cannot be judged further."""

    data_key: str
    data_set: DataSet | None = None
    data_type: int = ADD
    fields: dict[str, object] = field(default_factory=dict)
    attachments: list[dict[str, str]] = field(default_factory=list)
    raw: str = ""
    digest: str = ""
    errors: list[Finding] = field(default_factory=list)


def read_json(body: bytes) -> list[object]:
    try:
        value = json.loads(body.decode("utf-8"), parse_float=str, parse_int=_whole, parse_constant=_no_constant)
    except RecursionError as error:
        raise UnreadableBody("JSON 嵌套过深；没有读取任何记录") from error
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"不是 UTF-8：第 {error.start + 1} 字节；没有读取任何记录") from error
    except ValueError as error:
        raise UnreadableBody(f"不是可读的 JSON：{str(error)[:200]}；没有读取任何记录") from error
    if not isinstance(value, dict) or not isinstance(value.get("records"), list):
        raise UnreadableBody('请求应为 {"records": […]}', "records")
    unknown = sorted(set(value) - {"records"})
    if unknown:
        raise UnreadableBody(f"不认识的字段：{'、'.join(unknown)[:200]}", unknown[0][:100])
    return list(value["records"])


def read_xml(body: bytes) -> list[object]:
    try:
        return read_records(body)
    except UnreadableXml as error:
        raise UnreadableBody(str(error)) from error


def open_record(sent: object) -> Record:
    """The envelope of one record, read and judged; its fields are judged by the validator of its data set."""
    if not isinstance(sent, Mapping):
        message = sent if isinstance(sent, str) else "每条记录应为对象"
        return Record("", errors=[Finding("unreadable", message)])
    key = sent.get("data_key")
    record = Record(str(key)[:LONGEST_KEY] if isinstance(key, str | int) and not isinstance(key, bool) else "")
    try:
        record.raw = json.dumps(sent, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        record.raw.encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        record.errors.append(Finding("unreadable", "含有不能用 UTF-8 表示的字符"))
        return record
    if "\\u0000" in record.raw:
        record.errors.append(Finding("unreadable", "含有不能保存的空字符"))
        return record
    _judge_envelope(record, sent)
    return record


def _judge_envelope(record: Record, sent: Mapping[str, object]) -> None:
    for name in sorted(str(one) for one in set(sent) - KEYS):
        record.errors.append(Finding("unknown_field", "记录没有这个字段", name[:100], shown(sent.get(name))))
    if not record.data_key.strip() or len(str(sent["data_key"])) > LONGEST_KEY:
        record.errors.append(Finding("required", f"data_key 应为 1 至 {LONGEST_KEY} 个字符的文字", "data_key"))
    found = data_set(str(sent.get("data_set") or ""))
    if found is None:
        message = "没有这个数据集；可用的见 /api/v1/exchange/data-sets"
        record.errors.append(Finding("data_set", message, "data_set", shown(sent.get("data_set") or "")))
    data_type = str(sent.get("data_type", ADD))
    if data_type not in ("1", "2", "3"):
        record.errors.append(
            Finding("data_type", "data_type 应为 1 新增、2 修改或 3 删除", "data_type", shown(data_type))
        )
    record.data_set, record.data_type = found, int(data_type) if data_type in ("1", "2", "3") else ADD
    _take_fields(record, sent)
    _take_attachments(record, sent)
    record.digest = _digest(record)


def _take_fields(record: Record, sent: Mapping[str, object]) -> None:
    stated = sent.get("fields", {} if record.data_type == DELETE else None)
    if not isinstance(stated, dict):
        record.errors.append(Finding("required", "fields 应为 {线上字段名: 值} 的对象", "fields"))
        return
    record.fields = {key: value for key, value in stated.items() if value not in (None, "")}
    for name, wire in TAIL.items():
        value = sent.get(name)
        if value in (None, ""):
            continue
        inner = record.fields.setdefault(wire, value)
        if inner != value:
            record.errors.append(Finding("contradiction", f"{name} 与 fields.{wire} 不一致", name, shown(value)))


def _take_attachments(record: Record, sent: Mapping[str, object]) -> None:
    """The original is kept without contents: those are stored as files."""
    stated = sent.get("attachments")
    if stated is None:
        return
    if not isinstance(stated, list) or not all(_is_attachment(one) for one in stated):
        keys = "、".join(sorted(ATTACHMENT_KEYS))
        record.errors.append(
            Finding("attachments", f"attachments 应为对象的列表，name 必填，只能有 {keys}", "attachments")
        )
        return
    record.attachments = [{key: str(value) for key, value in one.items() if value is not None} for one in stated]
    plain = {**sent, "attachments": [{**one, "content_base64": None} for one in stated]}
    record.raw = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _is_attachment(one: object) -> bool:
    if not isinstance(one, dict) or not set(one) <= ATTACHMENT_KEYS or not one.get("name"):
        return False
    return all(value is None or isinstance(value, str) for value in one.values())


def _digest(record: Record) -> str:
    """Of what is stated, whatever the form, order of keys or time of sending."""
    fields: dict[str, str] = {}
    for key, value in record.fields.items():
        if key == "DATA_TIMESTAMP" and record.data_type != DELETE:
            continue
        try:
            fields[key] = wire_text(value)
        except ValueError:
            fields[key] = json.dumps(value, sort_keys=True)
    name = record.data_set.name if record.data_set else ""
    is_deletion = record.data_type == DELETE
    text = json.dumps([name, is_deletion, fields, record.attachments], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _whole(text: str) -> object:
    return int(text) if len(text) <= 18 else text


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} 不是数字")

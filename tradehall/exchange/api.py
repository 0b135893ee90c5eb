"""The data interface at /api/v1: trading systems push records, anybody reads the registry and the ordered feed.

Reads the request, names the caller, answers. What a record means is decided in `services` and below.
"""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, Literal

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Header, Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from tradehall.exchange import allowance, envelope, feed, messages, withdrawn
from tradehall.exchange.lanes import RETRY_SECONDS, Busy, lanes
from tradehall.exchange.registry import examples, schemas, wire_xml
from tradehall.exchange.registry.load import data_set
from tradehall.exchange.registry.shape import DataSet
from tradehall.exchange.services import MAX_RECORDS
from tradehall.exchange.tokens import SystemRequest, SystemToken, TooOften
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible
from tradehall.reference.lines import lines
from tradehall.ui.api_errors import documented, error, plain_error, refuse_unknown_parameters

MAX_BYTES = 10 * 2**20
LAST_POSITION = 2**62
MOST_SEED = 2**53
LINES = [one.code for one in lines()]
READERS = {
    "application/json": envelope.read_json,
    "application/xml": envelope.read_xml,
    "text/xml": envelope.read_xml,
}
STRICT = ConfigDict(extra="forbid")
router = Router(tags=["数据交换"])
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_]{1,64}$", description="数据集名称或别名")]
Key = Annotated[
    str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$", description="幂等键：同键同文得到同一回答")
]


class Attachment(Schema):
    model_config = STRICT

    name: str
    sha256: str | None = None
    md5: str | None = None
    content_base64: str | None = None
    url: str | None = None


class SentRecord(Schema):
    model_config = STRICT

    data_set: str = Field(description="数据集名称")
    data_type: Literal[1, 2, 3] = Field(description="1 新增，2 修改，3 删除")
    data_key: str = Field(min_length=1, max_length=200, description="本系统内这条记录的标识")
    platform_code: str | None = Field(None, description="交易系统标识码，18 位")
    data_timestamp: str | None = Field(None, description="yyyyMMddHHmmss")
    fields: dict[str, Any] = Field(description="线上字段名: 值")
    attachments: list[Attachment] | None = None


class SentRecords(Schema):
    model_config = STRICT

    records: list[SentRecord] = Field(max_length=MAX_RECORDS)


SENT_EXAMPLE = {
    "data_set": "PROJECT", "data_type": 1, "data_key": "0001", "platform_code": "12320000466011756J",
    "data_timestamp": "20260105090000", "fields": {"PROJECT_CODE": "P1", "PROJECT_NAME": "示例工程"},
}  # fmt: skip


class Remark(Schema):
    field: str | None
    value: str | None
    rule: str
    message: str


class Receipt(Schema):
    """`position` 是存证位置，尚未封存时为 null；`findings` 随公告公开，不影响收下。"""

    data_key: str
    status: Literal["accepted", "unchanged", "refused"]
    position: int | None
    findings: list[Remark]
    errors: list[Remark]


class Receipts(Schema):
    receipts: list[Receipt]


class FieldAnswer(Schema):
    wire: str
    name: str
    label: str
    type: str
    obligation: Literal["M", "C", "O"]
    is_provisional: bool
    codes: dict[str, str] | None


class DataSetAnswer(Schema):
    """`is_own`：规范中没有、由本平台补充；`is_provisional`：规范原文未取得。"""

    name: str
    label: str
    line: str | None
    data_no: str | None
    aliases: list[str]
    meaning: str
    kind: str | None
    is_own: bool
    is_provisional: bool
    fields: list[FieldAnswer]


class Catalogue(Schema):
    note: str
    data_sets: list[DataSetAnswer]


class FeedItem(Schema):
    position: int
    kind: str = Field(description="公告或信用记录的种类")
    no: str
    version: int | None
    line: str | None
    at: str
    href: str


class FeedAnswer(Schema):
    items: list[FeedItem]
    next: int = Field(description="下一次请求的 after")


def _body() -> dict[str, Any]:
    """Only what refuses the whole message: a record of any other shape gets a receipt that says what is wrong with it."""
    words = "每条记录应如 SentRecord（见示例记录）；不合的记录在回执中逐条说明，不影响其他记录"
    records = {"type": "array", "maxItems": MAX_RECORDS, "items": {"description": words}}
    json_body = {
        "type": "object", "required": ["records"], "additionalProperties": False, "properties": {"records": records},
        "examples": [{"records": [SENT_EXAMPLE]}],
    }  # fmt: skip
    content = {"application/json": {"schema": json_body}, "application/xml": {"schema": _xml_body()}}
    return {"requestBody": {"required": True, "content": content}}


def _xml_body() -> dict[str, Any]:
    attributes = {one: {"xml": {"attribute": True}} for one in wire_xml.ATTRIBUTES}
    field = {"properties": {"name": {"xml": {"attribute": True}}}, "description": "元素的文字是字段值"}
    fields = {"type": "array", "items": field}
    record = {"type": "object", "xml": {"name": "record"}, "properties": {**attributes, "field": fields}}
    return {
        "type": "object", "xml": {"name": "records"}, "properties": {"record": {"type": "array", "items": record}},
        "description": "<records><record data_set=… data_key=…><field name=…>值</field></record></records>，见各数据集的 XSD",
    }  # fmt: skip


def _answer(media_type: str, words: str) -> dict[str, Any]:
    return {"responses": {200: {"description": words, "content": {media_type: {"schema": {"type": "string"}}}}}}


def _one_of(codes: Iterable[str]) -> str:
    return f"^({'|'.join(['', *codes])})$"


@router.post(
    "/exchange/records",
    auth=SystemToken(),
    summary="报送记录",
    response={200: Receipts, **documented(400, 401, 409, 413, 415, 429)},
    openapi_extra=_body(),
)
def push(request: SystemRequest, idempotency_key: Key) -> HttpResponse:
    """一次最多 1,000 条、10 MiB，JSON 或 XML；回执按报送次序，一条记录不好不影响其他记录。"""
    refuse_unknown_parameters(request)
    kind = request.content_type or ""
    if kind not in READERS:
        return plain_error(415)
    body = _read_body(request)
    if body is None:
        return error(413, "too_large", "请求超过 10 MiB；没有保存任何内容，请分批发送")
    try:
        with lanes.place(request.auth.id):
            return _received(request.auth, kind, body, idempotency_key)
    except Busy as busy:
        raise TooOften(RETRY_SECONDS) from busy


def _received(system: Actor, kind: str, body: bytes, idempotency_key: str) -> HttpResponse:
    digest = messages.digest_of(kind.encode() + b"\0" + body)
    try:
        answer = messages.answer_of(system=system.id, key=idempotency_key, body_digest=digest)
        if answer is None:
            sent = READERS[kind](body)
            if len(sent) > MAX_RECORDS:
                words = f"一次最多 {MAX_RECORDS} 条记录，收到 {len(sent)} 条；没有保存任何记录，请分批发送"
                return error(413, "too_many_records", words, field="records")
            allowance.charge(system.id, len(sent))
            turn = partial(lanes.turn, system.id)
            answer = messages.receive(sent, by=system, key=idempotency_key, body_digest=digest, turn=turn)
    except envelope.UnreadableBody as unreadable:
        return error(400, "unreadable", str(unreadable), field=unreadable.field)
    except messages.KeyReused:
        words = "这个幂等键已用于另一份内容；没有保存任何内容，请换一个键"
        return error(409, "idempotency_key", words, field="Idempotency-Key")
    return HttpResponse(answer, content_type="application/json; charset=utf-8")


@router.get("/exchange/data-sets", summary="数据集登记表", response={200: Catalogue, **documented(400)})
def list_data_sets(request: HttpRequest) -> HttpResponse:
    refuse_unknown_parameters(request)
    return _json(schemas.catalogue())


@router.get(
    "/exchange/data-sets/{name}.xsd",
    summary="数据集的 XSD",
    response=documented(400, 404),
    openapi_extra=_answer("application/xml", "XML Schema"),
)
def data_set_xsd(request: HttpRequest, name: Name) -> HttpResponse:
    refuse_unknown_parameters(request)
    return HttpResponse(schemas.xsd(_data_set(name)), content_type="application/xml")


@router.get(
    "/exchange/data-sets/{name}.json-schema",
    summary="数据集的 JSON Schema",
    response={200: dict[str, Any], **documented(400, 404)},
)
def data_set_json_schema(request: HttpRequest, name: Name) -> HttpResponse:
    refuse_unknown_parameters(request)
    return _json(schemas.json_schema(_data_set(name)))


@router.get(
    "/exchange/data-sets/{name}/example.json",
    summary="数据集的示例记录",
    response={200: SentRecords, **documented(400, 404)},
)
def data_set_examples(
    request: HttpRequest,
    name: Name,
    n: Annotated[int, Query(ge=1, le=MAX_RECORDS, description="条数")] = 1,
    seed: Annotated[int, Query(ge=0, le=MOST_SEED, description="同一种子给出同样的记录")] = 0,
) -> HttpResponse:
    """内容为虚构，互不相同，原样报送即被收下。"""
    refuse_unknown_parameters(request, "n", "seed")
    return _json({"records": examples.examples(_data_set(name), count=n, seed=seed)})


@router.get(
    "/feed",
    summary="有序变动流",
    response={200: FeedAnswer, **documented(400, 410)},
    openapi_extra={"responses": {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}},
)
def read_feed(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=LAST_POSITION, description="只给出位置大于它的条目")] = 0,
    wait: Annotated[int | None, Query(ge=0, le=feed.LONGEST_WAIT, description="没有新条目时最多等待的秒数")] = None,
    line: Annotated[str, Query(description="业务线代码", pattern=_one_of(LINES))] = "",
    kind: Annotated[
        str, Query(description="记录的种类，或公告、信用记录的种类", pattern=_one_of(feed.KNOWN_KINDS))
    ] = "",
    last_event_id: Annotated[
        str, Header(alias="Last-Event-ID", pattern=r"^\d{1,18}$", description="断线重连时的上一个位置")
    ] = "0",
    log: Annotated[
        str, Header(alias=withdrawn.NAME_HEADER, pattern=withdrawn.NAME_PATTERN, description="上一次回答所说的日志名称")
    ] = "",
) -> HttpResponse | StreamingHttpResponse:
    """位置 = 日志序号 + 1，只增不重。`Accept: text/event-stream` 得到同样的条目，`id:` 为位置。

    日志由备份恢复后，已撤回的位置得到 410，`Tradehall-After` 头给出从何处重新读取。
    """
    refuse_unknown_parameters(request, "after", "wait", "line", "kind")
    wish = feed.wish_of(line or None, kind or None)
    is_stream = "text/event-stream" in request.headers.get("Accept", "")
    after = max(after, int(last_event_id)) if is_stream else after
    lost = withdrawn.withdrawn(after, log)
    if lost is not None:
        return _withdrawn(lost)
    headers = {"Cache-Control": "no-store", **withdrawn.headers()}
    if not is_stream:
        items, last = feed.page_or_wait(after, wish, wait or 0)
        return _json({"items": items, "next": last}, headers)
    events = feed.stream(after, wish, feed.STREAM_SECONDS if wait is None else wait)
    headers["X-Accel-Buffering"] = "no"
    return StreamingHttpResponse(events, content_type="text/event-stream; charset=utf-8", headers=headers)


def _withdrawn(lost: withdrawn.Withdrawn) -> HttpResponse:
    answer = error(withdrawn.STATUS, withdrawn.CODE, lost.words, field="after")
    for name, value in withdrawn.headers(lost).items():
        answer[name] = value
    return answer


def _read_body(request: HttpRequest) -> bytes | None:
    """None when it is too large; what the header says already is believed before anything is read."""
    stated = request.headers.get("Content-Length", "")
    if stated.isdigit() and int(stated) > MAX_BYTES:
        return None
    try:
        body = request.body
    except RequestDataTooBig:
        return None
    return body if len(body) <= MAX_BYTES else None


def _data_set(name: str) -> DataSet:
    found = data_set(name)
    if found is None:
        raise NotVisible(name)
    return found


def _json(value: object, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse(value, headers=headers, json_dumps_params={"ensure_ascii": False})

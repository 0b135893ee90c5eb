"""What a connected system may do besides pushing: its webhooks, its own records and events; and data quality for all.

Everything here is about the caller's own; another system's is as absent as what does not exist.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Schema
from pydantic import ConfigDict, Field

from tradehall.exchange import following, signing, webhooks
from tradehall.exchange.api import LAST_POSITION, LINES, router
from tradehall.exchange.models import Webhook
from tradehall.exchange.national import package
from tradehall.exchange.tokens import SystemRequest, SystemToken
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.kernel.times import parse_rfc3339, rfc3339
from tradehall.ui.api_errors import documented, refuse_unknown_parameters

MOST_ROWS = 500
STRICT = ConfigDict(extra="forbid")
No = Annotated[str, Path(pattern=r"^W[0-9a-f]{14}$", description="订阅编号")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="最多几条")]
After = Annotated[int, Query(ge=0, le=LAST_POSITION, description="上一次回答的 next")]
Moment = Annotated[str, Query(max_length=40, description="RFC 3339；+ 号须写作 %2B")]


class WebhookWish(Schema):
    model_config = STRICT

    url: str = Field(min_length=1, max_length=webhooks.LONGEST_URL, description="https 地址；演示库可用本机 http 地址")
    line: str | None = Field(None, description=f"业务线：{'、'.join(LINES)}；不填为全部")
    kind: str | None = Field(None, description="与 /feed 的 kind 相同；不填为全部")


class ResendWish(Schema):
    model_config = STRICT

    after: int | None = Field(None, ge=0, le=LAST_POSITION, description="从这个位置之后重新推送；不填则接着推送")


class WebhookAnswer(Schema):
    webhook_no: str
    url: str
    line: str | None
    kind: str | None
    position: int = Field(description="直到这个位置的条目都已送达")
    failures: int
    problem: str | None
    next_at: str
    delivered_at: str | None
    paused_at: str | None


class NewWebhookAnswer(WebhookAnswer):
    secret: str = Field(description="只在此处给出一次")


class Webhooks(Schema):
    items: list[WebhookAnswer]


class WebhookKeys(Schema):
    keys: list[str] = Field(description="whpk_ 加 Ed25519 公钥的 Base64，新的在前")


class PackageKeyAnswer(Schema):
    algorithm: Literal["ed25519", "sm2"]
    key: str = Field(description="ed25519：whpk_ 加公钥的 Base64；sm2：/log/key 所列的同一公钥")
    since: str | None = Field(description="开始签名的时间；空为一直")
    until: str | None = Field(description="停止签名的时间；空为没有期限")


class PackageKeys(Schema):
    keys: list[PackageKeyAnswer]


class KeptRecord(Schema):
    data_set: str
    data_key: str
    data_type: Literal[1, 2, 3]
    digest: str
    received_at: str
    subject: str
    values: dict[str, Any] = Field(description="清洗后的值；证件、账号等号码已遮盖")
    findings: list[list[str | None]]


class KeptRecords(Schema):
    items: list[KeptRecord]
    next: int


class EventAnswer(Schema):
    event_no: str
    data_key: str
    kind: str
    label: str
    role: str
    project_code: str
    lot_code: str
    unified_code: str
    from_state: str
    to_state: str
    digest: str
    happened_at: str
    received_at: str
    link: str | None
    link_until: str | None
    is_secret: bool
    secret_until: str | None


class Events(Schema):
    items: list[EventAnswer]
    next: int


class QualityRow(Schema):
    """收下的公开记录中，必填齐全、按时（24 小时内）、代码有效的各有多少条。"""

    system: str
    line: str | None
    hour: str
    accepted: int
    complete: int
    timely: int
    valid: int
    unchanged: int
    refused: int
    resent: int


class Quality(Schema):
    since: str
    until: str
    items: list[QualityRow]


@router.get(
    "/exchange/webhooks",
    auth=SystemToken(),
    summary="本系统的推送订阅",
    response={200: Webhooks, **documented(400, 401, 429)},
)
def list_webhooks(request: SystemRequest) -> dict[str, Any]:
    refuse_unknown_parameters(request)
    return {"items": [_webhook(one) for one in following.webhooks_of(request.auth.id)]}


@router.post(
    "/exchange/webhooks",
    auth=SystemToken(),
    summary="登记推送订阅",
    response={201: NewWebhookAnswer, **documented(400, 401, 429)},
)
def add_webhook(request: SystemRequest, wish: WebhookWish) -> tuple[int, dict[str, Any]]:
    """从登记之后的条目开始推送；要更早的，登记后用 resend。密钥只给出一次。"""
    refuse_unknown_parameters(request)
    made = webhooks.add_webhook(
        by=request.auth, at=platform_now(), system=request.auth.id, url=wish.url, line=wish.line, kind=wish.kind
    )
    return 201, {**_webhook(made.webhook), "secret": made.secret}


@router.post(
    "/exchange/webhooks/{webhook_no}/rotate", auth=SystemToken(), summary="更换推送密钥",
    response={200: NewWebhookAnswer, **documented(400, 401, 404, 429)},
)  # fmt: skip
def rotate_webhook(request: SystemRequest, webhook_no: No) -> dict[str, Any]:
    """旧密钥与新密钥同时签名 24 小时。"""
    refuse_unknown_parameters(request)
    made = webhooks.rotate_webhook(by=request.auth, at=platform_now(), webhook_no=webhook_no)
    return {**_webhook(made.webhook), "secret": made.secret}


@router.post(
    "/exchange/webhooks/{webhook_no}/resend", auth=SystemToken(), summary="重新推送",
    response={200: WebhookAnswer, **documented(400, 401, 404, 429)},
)  # fmt: skip
def resend_webhook(request: SystemRequest, webhook_no: No, wish: ResendWish) -> dict[str, Any]:
    """已暂停的恢复；重新推送的消息有新的 Webhook-Id。"""
    refuse_unknown_parameters(request)
    done = webhooks.resend_webhook(by=request.auth, at=platform_now(), webhook_no=webhook_no, after=wish.after)
    return _webhook(done)


@router.delete(
    "/exchange/webhooks/{webhook_no}", auth=SystemToken(), summary="终止推送订阅",
    response={204: None, **documented(400, 401, 404, 429)},
)  # fmt: skip
def end_webhook(request: SystemRequest, webhook_no: No) -> tuple[int, None]:
    refuse_unknown_parameters(request)
    webhooks.end_webhook(by=request.auth, at=platform_now(), webhook_no=webhook_no)
    return 204, None


@router.get("/exchange/webhook-keys", summary="推送签名的公钥", response={200: WebhookKeys, **documented(400)})
def webhook_keys(request: HttpRequest) -> dict[str, Any]:
    """用于核验 `v1a` 签名；更换期间新旧两个都有效。"""
    refuse_unknown_parameters(request)
    return {"keys": signing.public_keys()}


@router.get("/exchange/package-keys", summary="报送国家平台的签名公钥", response={200: PackageKeys, **documented(400)})
def package_keys(request: HttpRequest) -> dict[str, Any]:
    """用于核验 `Package-Signature`，含已停用的，各算法新的在前；更换期间新旧两个都签名，核验其一即可。"""
    refuse_unknown_parameters(request)
    return {"keys": [_package_key(one) for one in package.signing_keys()]}


@router.get(
    "/exchange/records",
    auth=SystemToken(),
    summary="本系统报送的记录",
    response={200: KeptRecords, **documented(400, 401, 429)},
)
def own_records(
    request: SystemRequest,
    data_set: Annotated[str, Query(pattern=r"^[A-Za-z0-9_]{0,64}$", description="数据集；不填为全部")] = "",
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """只有本系统的；涉及个人的数据集，每次查阅都记入存证。"""
    refuse_unknown_parameters(request, "data_set", "after", "limit")
    rows = following.read_records(
        by=request.auth, at=platform_now(), system=request.auth.id, data_set=data_set, after=after, limit=limit
    )
    return {"items": [following.shown_record(one) for one in rows], "next": rows[-1].pk if rows else after}


@router.get(
    "/exchange/process-events",
    auth=SystemToken(),
    summary="本系统报送的过程事件",
    response={200: Events, **documented(400, 401, 429)},
)
def own_events(
    request: SystemRequest,
    project: Annotated[str, Query(max_length=200, description="项目编号；不填为全部")] = "",
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    refuse_unknown_parameters(request, "project", "after", "limit")
    rows = following.own_events(request.auth.id, project=project, after=after, limit=limit)
    return {"items": [following.shown_event(one) for one in rows], "next": rows[-1].pk if rows else after}


@router.get("/exchange/quality", summary="数据质量", response={200: Quality, **documented(400)})
def data_quality(
    request: HttpRequest,
    since: Moment = "",
    until: Moment = "",
    system: Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$", description="系统代码；不填为全部")] = "",
) -> dict[str, Any]:
    """公开记录按系统和小时统计，默认最近 24 小时，最多 31 天。不公开的记录不计入：条数也不应由此得知。"""
    refuse_unknown_parameters(request, "since", "until", "system")
    first, last = _span(since, until)
    rows = following.quality(first, last, system=system, only_public=True)
    return {"since": rfc3339(first), "until": rfc3339(last), "items": [following.shown_count(one) for one in rows]}


def _span(since: str, until: str) -> tuple[datetime, datetime]:
    try:
        last = parse_rfc3339(until) if until else platform_now()
        first = parse_rfc3339(since) if since else last - timedelta(hours=24)
    except (ValueError, OverflowError) as error:
        raise Refusal([Violation("moment", "since 和 until 应为 RFC 3339 时间", "since")]) from error
    if not timedelta(0) <= last - first <= timedelta(days=31):
        raise Refusal([Violation("span", "统计期应不超过 31 天，且先后不颠倒", "since")])
    return first, last


def _package_key(one: package.PackageKey) -> dict[str, Any]:
    since, until = (rfc3339(moment) if moment else None for moment in (one.since, one.until))
    return {"algorithm": one.algorithm, "key": one.key, "since": since, "until": until}


def _webhook(one: Webhook) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("next_at", "delivered_at", "paused_at")}
    return {
        "webhook_no": one.webhook_no, "url": one.url, "line": one.line or None, "kind": one.kind or None,
        "position": one.position, "failures": one.failures, "problem": one.problem or None,
        **{name: rfc3339(value) if value else None for name, value in moments.items()},
    }  # fmt: skip

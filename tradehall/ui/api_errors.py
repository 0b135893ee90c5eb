"""How the API says no: one shape for every error, whichever app or layer of Django it comes from.

Shared by all routers. Knows no act and no rule; pages have their own translator.
"""

import logging
import secrets
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation

PREFIX = "/api/"
LOG = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
# What was asked, what became of it, what to do next: for answers that say nothing themselves.
WORDS = {
    400: ("bad_request", "请求无法读取；没有改变任何数据，请按接口文档改正后再试"),
    401: ("unauthorised", "没有令牌或令牌不对；没有改变任何数据，请在 Authorization 头中给出 Bearer 令牌"),
    403: ("forbidden", "令牌无权做这件事；没有改变任何数据，请核对所属系统"),
    404: ("not_found", "没有找到所请求的内容；请核对编号或地址，接口清单见 /api/v1/docs"),
    405: ("method_not_allowed", "此地址不接受这种请求方法；没有改变任何数据，可用的方法见 Allow 头"),
    409: ("stale", "内容已被先到的请求改变；没有改变任何数据，请重新读取后再试"),
    413: ("too_large", "请求超过大小上限；没有保存任何内容，请分批发送"),
    415: ("media_type", "不接受这种内容类型；没有保存任何内容，请使用 JSON 或 XML"),
    429: ("too_many", "请求过于频繁；没有保存任何内容，请稍后再试"),
    500: ("failure", "平台出错，已记入日志；没有保存任何内容，请稍后再试，并在反映问题时给出 request_id"),
}


class ErrorBody(Schema):
    """每个错误都是这个样子。"""

    code: str = Field(description="规则代码，供程序判断")
    message: str = Field(description="发生了什么、保留了什么、下一步怎么办")
    field: str | None = Field(None, description="出错的字段或参数；没有时不出现")
    basis: str | None = Field(None, description="依据的条款；没有时不出现")
    request_id: str = Field(description="本次请求的编号，反映问题时请给出")


def documented(*statuses: int) -> dict[int, type[Schema]]:
    """For `response=` of an operation: these errors have the common shape."""
    return dict.fromkeys(statuses, ErrorBody)


def error(status: int, code: str, message: str, *, field: str | None = None, basis: str | None = None) -> JsonResponse:
    request_id = secrets.token_hex(8)
    stated = {"code": code, "message": message, "field": field, "basis": basis, "request_id": request_id}
    body = {key: value for key, value in stated.items() if value is not None}
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def plain_error(status: int, message: str | None = None) -> JsonResponse:
    """The error of a status that has nothing more to say."""
    code, words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    return error(status, code, message or words)


def refuse_unknown_parameters(request: HttpRequest, *known: str) -> None:
    """What is not understood is refused, never ignored: a misspelt filter would otherwise answer with everything."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        offered = "、".join(known) or "（没有参数）"
        message = f"不认识参数 {unknown[0][:80]}；没有给出任何内容，可用的参数：{offered}"
        raise Refusal([Violation("unknown_parameter", message, unknown[0][:80])])


def install(api: NinjaAPI) -> None:
    """Every way an operation can fail, in the common shape."""
    api.exception_handler(Refusal)(_refused)
    for absent in (NotVisible, Http404):
        api.exception_handler(absent)(lambda request, exc: plain_error(404))
    api.exception_handler(Stale)(lambda request, exc: plain_error(409))
    api.exception_handler(HttpError)(lambda request, exc: plain_error(exc.status_code))
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(Exception)(_failed)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """All violations in the message, the first one in the fields."""
    first = refusal.violations[0]
    return error(400, first.code, str(refusal), field=first.field, basis=first.basis)


def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    found = invalid.errors[0]
    field = ".".join(str(part) for part in found["loc"][1:] if part not in ("payload", "data"))
    message = f"{field or '请求内容'} 不合要求（{found['msg']}）；没有改变任何数据，请改正后再试"
    return error(400, str(found["type"]), message, field=field or None)


def _failed(request: HttpRequest, failure: Exception) -> HttpResponse:
    answer = plain_error(500)
    LOG.error("request %s to %s failed", answer["X-Request-Id"], request.path, exc_info=True)
    return answer


def answers(get_response: Handler) -> Handler:
    """Middleware: an error that Django itself answered below the API's address gets the common shape too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_ours = response.headers.get("Content-Type", "").startswith("application/json")
        if response.status_code < 400 or is_ours or not request.path.startswith(PREFIX):
            return response
        translated = plain_error(response.status_code)
        if "Allow" in response.headers:
            translated["Allow"] = response["Allow"]
        return translated

    return answer

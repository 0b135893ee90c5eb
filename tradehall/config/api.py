"""The API at /api/v1: the routers of the apps under one roof, its OpenAPI document and the reference page made from it.

No operation of its own. The page loads nothing from outside, so it needs no explorer of somebody else's.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from tradehall.disclosure.api import router as disclosure
from tradehall.exchange import tokens
from tradehall.exchange.api_systems import router as exchange
from tradehall.ui import api_errors

DESCRIPTION = (
    "时间为带时区的 RFC 3339，金额为整数分并带币种（OCDS 按其标准以元计）。"
    "不认识的参数和字段以 400 拒绝。错误一律为 {code, message, field?, basis?, request_id}。"
)

renderer = JSONRenderer()
renderer.json_dumps_params = {"ensure_ascii": False}  # UTF-8 as it is: a third of the size, and readable
api = NinjaAPI(
    title="公共资源交易数据接口",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    renderer=renderer,
)
api_errors.install(api)
tokens.install(api)
api.add_router("", disclosure)
api.add_router("", exchange)


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    document = api.get_openapi_schema()
    shown = {"document": document, "groups": _groups(document), "schemas": _schemas(document)}
    return render(request, "ui/api_reference.html", {**shown, "site_url": settings.SITE_URL})


def urls() -> list[URLPattern | URLResolver]:
    """What `config.urls` mounts; the reference stands before the API's own addresses."""
    patterns, app_name, namespace = api.urls
    return [
        path("api/v1/docs", reference, name="api-reference"),
        path("api/v1/", (patterns, app_name, namespace)),
    ]


def _groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, in the order they were declared."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["其他"])[0]
            groups.setdefault(tag, []).append(_operation(method, address, operation))
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(method: str, address: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": address,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [_parameter(one) for one in operation.get("parameters", [])],
        "body": sorted(operation.get("requestBody", {}).get("content", {})),
        "answers": [_answer(status, one) for status, one in operation["responses"].items()],
        "secured": bool(operation.get("security")),
    }


def _parameter(stated: dict[str, Any]) -> dict[str, Any]:
    schema = stated["schema"]
    place = {"path": "路径", "query": "查询", "header": "请求头"}.get(stated["in"], stated["in"])
    words = [schema.get("pattern"), f"默认 {schema['default']}" if schema.get("default") is not None else None]
    return {
        "name": stated["name"],
        "place": place,
        "required": stated["required"],
        "type": _type(schema),
        "words": "；".join(one for one in [stated.get("description"), *words] if one),
    }


def _answer(status: str, stated: dict[str, Any]) -> dict[str, Any]:
    content = stated.get("content", {})
    schema: dict[str, Any] = next((one["schema"] for one in content.values()), {})
    return {"status": status, "type": _type(schema), "anchor": _reference(schema)}


def _schemas(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = document.get("components", {}).get("schemas", {})
    return [_schema(name, found[name]) for name in sorted(found) if "properties" in found[name]]


def _schema(name: str, stated: dict[str, Any]) -> dict[str, Any]:
    required = set(stated.get("required", []))
    fields = [
        {
            "name": field,
            "type": _type(schema),
            "anchor": _reference(schema.get("items", schema)),
            "required": field in required,
            "words": schema.get("description", ""),
        }
        for field, schema in stated["properties"].items()
    ]
    return {"name": name, "words": stated.get("description", ""), "fields": fields}


def _reference(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _reference(schema)
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "")

"""The rules of trade in words, and guides by role: all from definitions, the register and a guide file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.procedures import selectors as procedures
from tradehall.procedures.words import describe
from tradehall.reference.lines import lines

GUIDES = Path(__file__).resolve().parents[1] / "guides.toml"


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    found = procedures.definitions()
    groups = [
        {"name": about.name, "code": about.code, "definitions": [d for d in found if d.scope.line == about.code]}
        for about in lines()
    ]
    context = {
        "groups": [group for group in groups if group["definitions"]],
        "register": procedures.rules(),
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "政策法规", "href": ""}],
    }
    return render(request, "web/rules.html", context)


@require_safe
def definition(request: HttpRequest, definition_id: str) -> HttpResponse:
    try:
        found = procedures.definition(definition_id, to_beijing(platform_now()).date())
    except NotVisible as error:
        raise Http404(definition_id) from error
    crumbs = [
        {"label": "首页", "href": "/"},
        {"label": "政策法规", "href": "/rules"},
        {"label": found.title, "href": ""},
    ]
    context = {
        "definition": found,
        "digest": procedures.digest(found.id, found.version),
        "blocks": describe(found, procedures.register()),
        "crumbs": crumbs,
    }
    return render(request, "web/definition.html", context)


@cache
def _guides() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(GUIDES.read_text())["guide"]
    return found


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    crumbs = [{"label": "首页", "href": "/"}, {"label": "办事指南", "href": ""}]
    return render(request, "web/guide.html", {"guides": _guides(), "crumbs": crumbs})

"""The ui's own pages: style guide, clock, statements, the 404 page. Pages about trades belong to `web`."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.kernel.times import rfc3339
from tradehall.ui.context import now
from tradehall.ui.samples import samples


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/styleguide.html", samples(now()))


@require_safe
def clock(request: HttpRequest) -> HttpResponse:
    """The platform's time, so that no countdown trusts the visitor's clock."""
    return JsonResponse({"now": rfc3339(now())}, headers={"Cache-Control": "no-store"})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"ui/pages/{name}.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A search box with the number that the address seems to ask for."""
    parts = [part for part in request.path.split("/") if part]
    guess = parts[1] if len(parts) > 1 else (parts[0] if parts else "")
    return render(request, "404.html", {"guess": guess[:80]}, status=404)

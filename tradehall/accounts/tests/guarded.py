"""Addresses for testing the guards: one act with a form page, one without, one that wants a proof of the last minute."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import include, path

from tradehall.accounts import signing

DONE: list[dict[str, str]] = []


def _form(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        DONE.append(request.POST.dict())
        return HttpResponseRedirect("/done")
    return HttpResponse((signing.kept(request) or QueryDict()).get("reason", "nothing kept"))


def _end(request: HttpRequest) -> HttpResponse:
    DONE.append(request.POST.dict())
    return HttpResponseRedirect("/done")


urlpatterns = [
    path("form", signing.signed_in(_form)),
    path("grave", signing.require_recent(seconds=60)(_form)),
    path("end", signing.require_recent(signing.by_post("结束")(_end))),
    path("", include("tradehall.config.urls")),
]

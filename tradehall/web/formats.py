"""A list as a file: which suffixes exist and what HTTP says about them. Bytes are made in `disclosure.exports`.

Absolute addresses appear only in feeds, where readers need them; they are those the reader itself used.
"""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse

from tradehall.disclosure import exports
from tradehall.disclosure.search import Page

TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
CSV_ROWS = 10_000
CSV_WORDS = f"CSV 含全部结果（至多 {CSV_ROWS:,} 行），JSON 与 Atom 按页"


def base_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def host_of(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0]


def answer(content: bytes, suffix: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[suffix])
    if suffix in ("csv", "ics"):
        response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def list_file(request: HttpRequest, page: Page, *, path: str, suffix: str, title: str, now: datetime) -> HttpResponse:
    """The list shown at `path` in another format."""
    base = base_of(request)
    if suffix == "json":
        content = exports.list_json(page, path)
    elif suffix == "csv":
        content = exports.list_csv(page.items, base)
    elif suffix == "atom":
        content = exports.list_atom(page.items, title=title, base=base, address=request.get_full_path(), now=now)
    elif suffix == "ics":
        content = exports.list_ics(page.items, host=host_of(request), now=now)
    else:
        raise Http404(suffix)
    return answer(content, suffix, path.strip("/").replace("/", "-"))

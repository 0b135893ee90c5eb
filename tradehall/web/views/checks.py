"""Proving a notice: its proof file, the check of what is published, and the comparison of two versions.

The check recomputes both digests from the very words published and holds them against the sealed entry, not a column.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tradehall.crypto import proof_file
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.disclosure import selectors as disclosure
from tradehall.journal import selectors as journal
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible
from tradehall.tenders import selectors as tenders

MATCH, MISMATCH = "一致", "不一致"
LARGEST_COPY = 8 << 20


@dataclass(frozen=True, slots=True)
class Check:
    verdict: str
    words: str
    sha256: str
    sm3: str


@require_safe
def proof(request: HttpRequest, notice_no: str, version: int) -> HttpResponse:
    """The canonical proof file; 503 with a time to come back while the entry has no position yet."""
    content = journal.notice_proof_file(Ref("notice", notice_no, version), _rendition(notice_no, version))
    if content is None:
        answer = {"code": "log.not_sealed", "message": "该公告正在存证，约 1 分钟后可下载证明。"}
        return JsonResponse(answer, status=503, headers={"Retry-After": "5"})
    name = f"{notice_no}-v{version}-proof.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/json", headers=headers)


@csrf_exempt  # changes nothing and reads no session: a copy is compared and forgotten
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, notice_no: str, version: int) -> HttpResponse:
    rendition = _rendition(notice_no, version)
    published = _check_published(notice_no, version, rendition)
    uploaded = request.FILES.get("copy")
    copy = _check_copy(uploaded.read(LARGEST_COPY + 1), published) if uploaded else None
    context = {
        "notice": rendition,
        "published": published,
        "copy": copy,
        "address": f"/n/{notice_no}/v/{version}",
        "crumbs": _crumbs(notice_no, "核验"),
    }
    return render(request, "web/check.html", context)


@require_safe
def compare(request: HttpRequest, notice_no: str) -> HttpResponse:
    newest = int(str(_rendition(notice_no, None)["version"]))
    after = _number(request.GET.get("to"), newest)
    before = _number(request.GET.get("from"), after - 1)
    if not (1 <= before < after <= newest):
        raise Http404(notice_no)
    context = {
        "comparison": disclosure.compare(notice_no, before, after),
        "notice": _rendition(notice_no, after),
        "versions": range(1, newest + 1),
        "before": before,
        "after": after,
        "crumbs": _crumbs(notice_no, "版本对比"),
    }
    return render(request, "web/compare.html", context)


def _crumbs(notice_no: str, here: str) -> list[dict[str, str]]:
    notice = {"label": f"公告 {notice_no}", "href": f"/n/{notice_no}"}
    return [
        {"label": "首页", "href": "/"},
        {"label": "交易信息", "href": "/notices"},
        notice,
        {"label": here, "href": ""},
    ]


def _rendition(notice_no: str, version: int | None) -> dict[str, Any]:
    try:
        return dict(tenders.rendition(notice_no, version))
    except NotVisible as error:
        raise Http404(notice_no) from error


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default


def _check_published(notice_no: str, version: int, rendition: dict[str, Any]) -> Check:
    words = canonical_json(rendition)
    digests = sha256_hex(words), sm3_hex(words)
    position = journal.position_of(Ref("notice", notice_no, version))
    if position is None:
        return Check("", "正在存证，约 1 分钟后可以核验。", *digests)
    entry = journal.entry_proof(position)
    stated = json.loads(entry.leaf)["facts"] if entry else {}
    same = (stated.get("digest_sha256"), stated.get("digest_sm3")) == digests
    said = f"按发布内容重新计算的两个摘要与存证日志第 {position - 1} 号记录{'相符' if same else '不符，请勿采信'}。"
    return Check(MATCH if same else MISMATCH, said, *digests)


def _check_copy(content: bytes, published: Check) -> Check:
    """A copy in the visitor's hands: a proof file, or the published JSON itself."""
    notice = _notice_of(content)
    if notice is None:
        return Check(MISMATCH, "这个文件不是本平台的证明文件，或内容已被改动。", sha256_hex(content), sm3_hex(content))
    digests = sha256_hex(notice), sm3_hex(notice)
    same = digests == (published.sha256, published.sm3) and published.verdict == MATCH
    words = "您手中的副本与存证内容" + ("相符。" if same else "不符，请勿采信。")
    return Check(MATCH if same else MISMATCH, words, *digests)


def _notice_of(content: bytes) -> bytes | None:
    """The canonical notice inside a copy; None when the copy is not one or is broken in itself."""
    try:
        value = json.loads(content)
        if not isinstance(value, dict):
            return None
        if "notice" not in value:
            return canonical_json(value)
        parsed = proof_file.parse(content)
        return None if proof_file.faults(parsed) else canonical_json(parsed.notice)
    except (ValueError, RecursionError):
        return None

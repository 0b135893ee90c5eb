"""The log's public answers: key, checkpoint, entries, proofs, receipts. No account, no session, no cookie.

Refuses unknown parameters, and says in words why a number is out of range. Letter by letter as interfaces.md.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.crypto.notes import encode64
from tradehall.journal import keys, national, selectors
from tradehall.journal.selectors import EntryProof

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1_000
LARGEST_NUMBER = 2**53
View = Callable[..., HttpResponse]
T = TypeVar("T")


def _answers(*, needs: tuple[str, ...] = (), may: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Read the whole numbers a question consists of, and turn ValueError and LookupError into 400 and 404."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, **path: str) -> HttpResponse:
            try:
                return view(request, **path, **_numbers(request, needs, may))
            except ValueError as error:
                return _error(request, 400, "bad_question", str(error))
            except LookupError as error:
                return _error(request, 404, "not_there", str(error.args[0]))

        return answer

    return decorate


def _numbers(request: HttpRequest, needs: tuple[str, ...], may: tuple[str, ...]) -> dict[str, int]:
    unknown = sorted(set(request.GET) - set(needs) - set(may))
    if unknown:
        raise ValueError(f"不认识的参数：{'、'.join(unknown)[:200]}")
    missing = [name for name in needs if name not in request.GET]
    if missing:
        raise ValueError(f"缺少参数：{'、'.join(missing)}")
    return {name.replace("from", "first"): _number(request, name) for name in (*needs, *may) if name in request.GET}


def _number(request: HttpRequest, name: str) -> int:
    texts = request.GET.getlist(name)
    text = texts[0]
    if len(texts) != 1 or not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > LARGEST_NUMBER:
        raise ValueError(f"参数 {name} 应为一个非负整数")
    return int(text)


def _error(request: HttpRequest, status: int, code: str, message: str) -> JsonResponse:
    request_id = getattr(request, "request_id", None) or uuid.uuid4().hex
    return _json({"code": code, "message": message, "request_id": request_id}, status)


def _json(value: dict[str, object], status: int = 200) -> JsonResponse:
    return JsonResponse(value, status=status, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """For people: what lies below this address."""
    return render(request, "journal/log.html", {"size": (selectors.last_position() or 0)})


@_answers()
def key(request: HttpRequest) -> HttpResponse:
    """The newest first; the older ones stay for what they signed."""
    listed = [*(one.text for one in keys.verifiers()), *national.verifier_keys()]
    return _text("".join(f"{one}\n" for one in listed))


@_answers()
def checkpoint(request: HttpRequest) -> HttpResponse:
    head = selectors.checkpoint()
    if head is None:
        raise LookupError("日志尚未开始：封存服务还没有运行过，稍后再试")
    return _text(head.note)


@_answers(needs=("from",), may=("limit",))
def entries(request: HttpRequest, first: int, limit: int = DEFAULT_LIMIT) -> HttpResponse:
    if not 1 <= limit <= LARGEST_LIMIT:
        raise ValueError(f"limit 应在 1 至 {LARGEST_LIMIT} 之间")
    size = selectors.last_position()
    if first > size:
        raise LookupError(f"日志现有 {size} 条，还没有第 {first} 条")
    found = selectors.leaves_from(first, limit)
    following = first + len(found)
    return _json(
        {
            "entries": [{"index": index, "leaf": encode64(leaf)} for index, leaf in found],
            "next": following if found and following < size else None,
        }
    )


@_answers(needs=("index", "size"))
def inclusion(request: HttpRequest, index: int, size: int) -> HttpResponse:
    if index >= size:
        raise ValueError(f"index 应小于 size：第 {index} 条不在 {size} 条之内")
    proof = _grown(size, lambda: selectors.inclusion_proof(index, size))
    return _json(
        {
            "leaf_index": index,
            "tree_size": size,
            "leaf_hash": encode64(proof.leaf_hash),
            "hashes": [encode64(one) for one in proof.hashes],
        }
    )


@_answers(needs=("first", "second"))
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    if not 1 <= first <= second:
        raise ValueError("应有 1 ≤ first ≤ second")
    hashes = _grown(second, lambda: selectors.consistency_proof(first, second))
    return _json({"first": first, "second": second, "hashes": [encode64(one) for one in hashes]})


@_answers()
def receipt(request: HttpRequest, receipt_no: str) -> HttpResponse:
    proof = selectors.receipt_proof(receipt_no)
    if proof is None:
        raise LookupError("没有这个回执编号，请核对后再查")
    if proof.entry is None:
        raise LookupError("已收到，尚未写入日志；请在一分钟后再查")
    batch = None
    if proof.batch_hashes is not None:
        batch = {"slot": proof.slot, "hashes": [encode64(one) for one in proof.batch_hashes]}
    answer: dict[str, object] = {"receipt_no": receipt_no, "leaf_hash": encode64(proof.leaf_hash), "batch": batch}
    return _json({**answer, **_place(proof.entry)})


@_answers()
def batch(request: HttpRequest, no: int) -> HttpResponse:
    """A sealed batch: sixty-four hashes; an entry is told in full once its secrecy has ended."""
    found = selectors.batch(no) if no <= LARGEST_NUMBER else None
    if found is None:
        raise LookupError("没有这个封存批次，或它还没有写入日志")
    opened = [{"slot": slot, "leaf": encode64(body.encode())} for slot, body in found.opened]
    leaves = [encode64(one) for one in found.leaves]
    return _json({"no": found.no, "index": found.index, "root": found.root.hex(), "leaves": leaves, "opened": opened})


def _place(entry: EntryProof) -> dict[str, object]:
    return {
        "index": entry.index,
        "tree_size": entry.head.size,
        "leaf": encode64(entry.leaf),
        "hashes": [encode64(one) for one in entry.hashes],
        "checkpoint": entry.head.note,
    }


def _grown(size: int, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except LookupError as error:
        raise LookupError(f"日志还没有长到 {size} 条") from error

"""Sends what waits: one message after the other in each project, several projects at a time, until it is acknowledged.

A row is held locked while it is sent, so that any number of workers on any number of hosts can run and a killed one
leaves nothing behind. What is not answered is sent again under the same key, version and digest: the effect there is
once. Only the national platform's own verdict on this very version ends a row.
"""

import json
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from django.db import transaction
from django.utils import timezone

from tradehall.exchange.models import NationalMessage
from tradehall.exchange.national import calling, package
from tradehall.kernel.refusal import NotVisible

FIRST_DELAY_S, GROWTH, LONGEST_DELAY_S = 2.0, 2.0, 1_800.0
TAKEN = ("accepted", "duplicate")
AGAIN: Final = "again"
MOST_ERRORS = 50
PATH = "/packages"
# The oldest that may go: nothing earlier of its project is still on its way. A refused row is passed by, except by the
# deletion of the same record: that would have nothing to delete.
NEXT = """
select m.* from exchange_national_message m
where m.acknowledged_at is null and m.refused_at is null and m.replaced_at is null and m.next_at <= clock_timestamp()
  and not exists (
    select 1 from exchange_national_message e
    where e.project = m.project and e.id < m.id and e.acknowledged_at is null and e.replaced_at is null
      and (e.refused_at is null or (m.is_deletion and e.data_key = m.data_key)))
order by m.id limit 1 for update of m skip locked
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Literal["taken", "refused", "again"]
    problem: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)


def send_next() -> Verdict | None:
    """One message, with its verdict kept; None when nothing may go now."""
    with transaction.atomic():
        found = list(NationalMessage.objects.raw(NEXT))
        if not found:
            return None
        verdict = _deliver(found[0])
        _keep(found[0], verdict)
    return verdict


def delay_s(failures: int, chance: float) -> float:
    """2 s, 4 s … half an hour, each half of it up to one and a half; `chance` is in [0, 1)."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * GROWTH ** min(max(0, failures - 1), 12)) * (0.5 + chance)


def data_type(message: NationalMessage) -> str:
    """What it is for the other side: a first version that was refused, or a deletion, leaves the next one to add it."""
    if message.is_deletion:
        return package.DELETE
    earlier = NationalMessage.objects.filter(data_key=message.data_key, pk__lt=message.pk)
    last = earlier.filter(acknowledged_at__isnull=False).order_by("-pk").values_list("is_deletion", flat=True).first()
    return package.MODIFY if last is False else package.ADD


def _deliver(message: NationalMessage) -> Verdict:
    try:
        packed = package.pack(message, data_type(message))
        answer = calling.post(PATH, packed.name, packed.content)
    except calling.NotReached as problem:
        return Verdict(AGAIN, str(problem))
    except (OSError, NotVisible) as problem:
        return Verdict(AGAIN, f"附件不在存储中，没有发送（{type(problem).__name__}）")
    return _read(message, answer)


def _read(message: NationalMessage, answer: calling.Answer) -> Verdict:
    said = _json(answer.body)
    if answer.status in (401, 403):
        return Verdict(AGAIN, f"HTTP {answer.status}，国家平台没有接受签名；请核对已告知的签名公钥")
    if answer.status >= 500 or answer.status in (404, 429):
        return Verdict(AGAIN, f"HTTP {answer.status}")
    if said.get("data_key") != message.data_key or said.get("digest") != message.digest:
        return Verdict(AGAIN, f"HTTP {answer.status}，应答说的不是这条记录")
    if said.get("status") in TAKEN:
        return Verdict("taken")
    if said.get("status") == "refused":
        return Verdict("refused", f"HTTP {answer.status}", _errors(said.get("errors")))
    return Verdict(AGAIN, f"HTTP {answer.status}，应答不明")


def _keep(message: NationalMessage, verdict: Verdict) -> None:
    now = timezone.now()
    if verdict.outcome == "taken":
        message.acknowledged_at, message.problem, message.errors = now, "", []
        earlier = NationalMessage.objects.filter(data_key=message.data_key, pk__lt=message.pk, refused_at__isnull=False)
        earlier.filter(acknowledged_at__isnull=True).update(replaced_at=now)
    elif verdict.outcome == "refused":
        message.refused_at, message.problem, message.errors = now, verdict.problem, verdict.errors
        log.warning("national: %s was refused for good", message.message_no)
    else:
        message.failures += 1
        message.problem = verdict.problem[:300]
        message.next_at = now + timedelta(seconds=delay_s(message.failures, random.random()))
    message.save(update_fields=["acknowledged_at", "refused_at", "problem", "errors", "failures", "next_at"])


def _json(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _errors(stated: object) -> list[dict[str, str]]:
    """As they say it, cut short."""
    listed = stated if isinstance(stated, list) else []
    return [
        {name: str(one.get(name) or "")[:200].replace("\0", "") for name in ("field", "rule", "message")}
        for one in listed[:MOST_ERRORS]
        if isinstance(one, dict)
    ]

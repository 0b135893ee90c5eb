"""Reads about what systems sent before: the newest record under each key, and answers already given."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tradehall.accounts import selectors as accounts
from tradehall.exchange import sealing
from tradehall.exchange.models import IdempotencyKey, InboundRecord


@dataclass(slots=True)
class Prior:
    """What is known under one data key: the newest record, every digest seen, the words of the last full one."""

    data_set: str
    data_type: int
    digest: str
    clean: dict[str, object]
    subject_kind: str
    subject_no: str
    subject_version: int | None
    digests: set[str] = field(default_factory=set)
    count: int = 1


def priors(system: str, keys: Collection[str]) -> dict[str, Prior]:
    found: dict[str, Prior] = {}
    for row in InboundRecord.objects.filter(system=system, data_key__in=keys).order_by("id"):
        before = found.get(row.data_key)
        one = Prior(
            row.data_set, row.data_type, row.digest, sealing.opened_values(row.clean, sealing.row_of(system, row.data_key)),
            row.subject_kind, row.subject_no, row.subject_version,
        )  # fmt: skip
        if before is not None:
            one.digests, one.count = before.digests, before.count + 1
        one.digests.add(row.digest)
        found[row.data_key] = one
    return found


def blacklisted(system: str, record_no: str) -> str | None:
    """The standing that a black-list record of this system with this number became."""
    rows = InboundRecord.objects.filter(system=system, data_set="BLACK_LIST", clean__record_no=record_no)
    row = rows.exclude(subject_no="").order_by("-id").first()
    return row.subject_no if row else None


def system_line(code: str) -> str:
    """The line a system was registered for; nothing for a sender that is no registered system."""
    return next((one.line for one in accounts.systems() if one.code == code), "")


def answer_given(system: str, key: str) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(system=system, key=key).first()

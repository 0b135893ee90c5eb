"""Refused records: kept with their reasons so that the centre can see them, counted when they come again, judged anew.

Shows masked fields only; the whole record is sealed, without the contents of attachments. Refuses nothing itself.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from tradehall.exchange import sealing
from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import RefusedRecord
from tradehall.tenders.reports import Finding

LARGEST_BODY = 64 * 2**10
BODY = "sealed_body"
KEEP = """
insert into exchange_refused_record (refusal_no, system, line, data_set, data_key, body_digest, clean, errors, sealed_body,
                                     times, first_at, last_at)
select refusal_no, %s, line, data_set, data_key, body_digest, clean, errors, sealed_body, times, %s, %s
  from jsonb_to_recordset(%s::jsonb) as r(refusal_no text, line text, data_set text, data_key text, body_digest text,
                                          clean jsonb, errors jsonb, sealed_body text, times int)
on conflict (system, data_key, body_digest) do update
set times = exchange_refused_record.times + excluded.times, last_at = excluded.last_at, errors = excluded.errors,
    settled_at = null
"""
SETTLE = """
update exchange_refused_record set settled_at = %s
 where system = %s and settled_at is null and data_key <> '' and data_key = any(%s)
"""


def keep(sent: Sequence[object], outcomes: Sequence[Outcome], *, system: str, at: datetime) -> None:
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for one, outcome in zip(sent, outcomes, strict=True):
        if outcome.status != "refused":
            continue
        row = _row(one, outcome, system)
        known = rows.setdefault((str(row["data_key"]), str(row["body_digest"])), {**row, "times": 0})
        known["times"] = int(str(known["times"])) + 1
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, (system, at, at, json.dumps(list(rows.values()), ensure_ascii=False)))


def settle(outcomes: Sequence[Outcome], *, system: str, at: datetime) -> int:
    """What was refused under a key and is now taken in was mended and sent again; returns how many."""
    keys = [one.record.data_key for one in outcomes if one.status == "accepted"]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, (at, system, keys))
        return int(cursor.rowcount)


def body_of(refusal: RefusedRecord) -> object | None:
    """The record as it was sent, or None when it was too large or came with files."""
    if not refusal.sealed_body:
        return None
    found: object = json.loads(sealing.unseal(refusal.sealed_body, column=BODY, row=refusal.body_digest))
    return found


def listed(one: Finding) -> dict[str, object]:
    return {"field": one.field, "value": one.value, "rule": one.rule, "message": one.message}


def _row(sent: object, outcome: Outcome, system: str) -> dict[str, object]:
    record = outcome.record
    raw = record.raw or json.dumps(sent, ensure_ascii=True, default=str)[:LARGEST_BODY]
    digest = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
    name = record.data_set.name if record.data_set else _stated(sent)
    is_whole = bool(record.raw) and not any(one.rule == "unreadable" for one in outcome.errors)
    is_kept = is_whole and len(raw) <= LARGEST_BODY and "content_base64" not in _attachment_keys(record.attachments)
    row: dict[str, object] = {
        "refusal_no": f"F{secrets.token_hex(6)}", "line": record.data_set.line if record.data_set else "",
        "data_set": name, "data_key": record.data_key, "body_digest": digest,
        "clean": sealing.masked_fields(name, record.fields), "errors": [listed(one) for one in outcome.errors],
        BODY: sealing.seal(raw, column=BODY, row=digest) if is_kept else "",
    }  # fmt: skip
    return {key: _storable(value) for key, value in row.items()}


def _attachment_keys(attachments: list[dict[str, str]]) -> set[str]:
    return {key for one in attachments for key in one}


def _stated(sent: object) -> str:
    return str(sent.get("data_set") or "")[:64] if isinstance(sent, dict) else ""


def _storable(value: object) -> object:
    """What a column of text or JSON can hold: no half characters, no zero octets."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")
    if isinstance(value, dict):
        return {str(_storable(key)): _storable(inner) for key, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value

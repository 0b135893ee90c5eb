"""Reads what a mail server says about a mail it could not deliver after all (RFC 3464). Pure: bytes in, plain values out.

Believes only a failure for good that names a mail; delays and successes are no bounces.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default

MAIL_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Bounce:
    mail_id: str
    answer: str


def read_bounce(raw: bytes) -> Bounce | None:
    """None for anything that is not such a notification about a mail."""
    report = message_from_bytes(raw, policy=default)
    parts = list(report.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    fields = [block for block in status.get_payload() if isinstance(block, Message)]
    failed = next((block for block in fields if str(block.get("Action", "")).strip().lower() == "failed"), None)
    code = str(failed.get("Status", "")).strip() if failed else ""
    mail_id = _mail_id(parts)
    if failed is None or not code.startswith("5") or not mail_id:
        return None
    said = " ".join(str(failed.get("Diagnostic-Code", "")).split())
    return Bounce(mail_id, "".join(char for char in f"{code} {said}".strip() if char.isprintable())[:300])


def _mail_id(parts: Sequence[Message]) -> str:
    """Of the mail that came back: whole, or its headers only."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            return str(inner.get("Message-ID", "")).strip() if isinstance(inner, Message) else ""
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = message_from_bytes(text if isinstance(text, bytes) else b"", policy=default)
            found = MAIL_ID.search(str(headers.get("Message-ID", "")))
            return found[0] if found else ""
    return ""

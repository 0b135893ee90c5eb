"""What is read out of the journal: a statement that goes out, or an omission with the word for why it does not.

Plain values, and how a value is shown to the other side: free text masked, numbers of people never.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tradehall.exchange.registry.shape import DataSet
from tradehall.kernel.masking import mask_personal
from tradehall.kernel.times import to_beijing

SYSTEM = "national"
NO_DATA_SET, UNKNOWN_SET = "no_data_set", "unknown_set"
# The name space of our DATA_KEYs: the same record has the same key for ever, on every host.
_SPACE = uuid.UUID("6f1b7a52-3b0e-5c7e-9a44-2f6f0d2f9c31")
_FREE = ("title", "reason")
# Codes that look like somebody's number are nobody's.
_IDENTIFIERS = ("_code", "_codes", "_no", "_digest", "url")
Attachments = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of one record, ready to be put in a package. `project`: what it is kept in order with.

    `record`: the number of the reported record it restates, if it is one.
    """

    data_set: DataSet
    data_key: str
    version: str
    project: str
    fields: Mapping[str, str]
    attachments: Attachments
    is_deletion: bool
    position: int
    at: datetime
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """One version of one record that does not go out (now). `kind`: its data set, or its kind when there is none.

    `lot`: the unified deal code whose result ends the reason.
    """

    line: str
    kind: str
    reason: str
    data_key: str
    version: str
    position: int
    lot: str = ""
    record: int | None = None


def data_key(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "\0".join(parts)))


def public(data_set: DataSet, values: Mapping[str, object]) -> dict[str, object]:
    """Free text as pages show it; what is kept only has been on no page, so there every text is masked but codes.

    Sealed numbers are left out where the wire is written.
    """
    hidden = {one.name for one in data_set.fields if _is_free(data_set, one.name, one.base)}
    return {
        name: mask_personal(value) if isinstance(value, str) and (name in hidden or name in _FREE) else value
        for name, value in values.items()
    }


def tail(at: datetime) -> dict[str, object]:
    stamp = to_beijing(at).isoformat(timespec="seconds")
    return {
        "platform_code": settings.PLATFORM_CODE,
        "service_platform_code": settings.PLATFORM_CODE,
        "data_timestamp": stamp,
    }


def _is_free(data_set: DataSet, name: str, base: str) -> bool:
    return base == "long" or (data_set.meaning == "record" and base == "text" and not name.endswith(_IDENTIFIERS))

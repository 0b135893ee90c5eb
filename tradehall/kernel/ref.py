"""A reference to a record by kind, number and version: how apps that may not import each other name things.

Not a foreign key: it does not promise that the record exists.
"""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([a-z][a-z_]*):([^@\s]+)(?:@([1-9]\d*))?")


@dataclass(frozen=True, slots=True)
class Ref:
    """Written `notice:N20260918000001@2`; without a version it means the record as a whole."""

    kind: str
    no: str
    version: int | None = None

    def __post_init__(self) -> None:
        if not _WRITTEN.fullmatch(str(self)):
            raise ValueError(f"not a reference: {self}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.no}" if self.version is None else f"{self.kind}:{self.no}@{self.version}"


def parse_ref(text: str) -> Ref:
    """The inverse of `str(ref)`; anything else is a ValueError."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"not a reference: {text[:80]}")
    kind, no, version = written.groups()
    return Ref(kind, no, int(version) if version else None)

"""Second copies of stored files in another folder, and whether the first ones are still what they were.

Files lie under their SHA-256, so a copy that is there is the right one. Decides nothing about when to copy.
"""

import contextlib
import hashlib
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.documents.models import StoredFile
from tradehall.documents.selectors import open_file
from tradehall.kernel.refusal import NotVisible

log = logging.getLogger(__name__)
PIECE = 2**20
MOST_FAULTS = 50
Progress = Callable[[int], None]


@dataclass
class Copied:
    """`copied` now, `there` before; `faults` in words."""

    copied: int = 0
    there: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Checked:
    files: int = 0
    faults: list[str] = field(default_factory=list)


def copy_path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:4] / sha256


def copy_missing(folder: Path, *, since: datetime | None = None) -> Copied:
    """Everything the table names (or only what was stored since) that is not in `folder` yet."""
    found = Copied()
    for sha256, _, size in _known(since):
        path = copy_path(folder, sha256)
        if path.is_file() and path.stat().st_size == size:
            found.there += 1
            continue
        fault = _copy(sha256, path)
        found.copied += not fault
        if fault and len(found.faults) < MOST_FAULTS:
            found.faults.append(fault)
    return found


def keep_copy(folder: Path, sha256: str, content: bytes) -> None:
    """For the moment of storing: the copy is on its disk before the row is committed.

    An archive that is away stops nobody's work: it is logged, and the next sweep brings the copy.
    """
    path = copy_path(folder, sha256)
    try:
        if not path.is_file():
            with _draft(path) as out:
                out.write(content)
    except OSError as error:
        log.error("file %s is not in the archive yet: %s", sha256, error)


def check_all(progress: Progress | None = None) -> Checked:
    """Every file read from its first to its last byte, against both digests."""
    found = Checked()
    for sha256, sm3, size in _known(None):
        fault = _fault(sha256, sm3, size)
        if fault and len(found.faults) < MOST_FAULTS:
            found.faults.append(fault)
        found.files += 1
        if progress:
            progress(found.files)
    return found


def _known(since: datetime | None) -> Iterator[tuple[str, str, int]]:
    rows = StoredFile.objects.filter(stored_at__gte=since) if since else StoredFile.objects.all()
    yield from rows.order_by("sha256").values_list("sha256", "sm3", "size").iterator(2000)


def _copy(sha256: str, path: Path) -> str:
    try:
        with open_file(sha256) as source, _draft(path) as out:
            digest = hashlib.sha256()
            while piece := source.read(PIECE):
                digest.update(piece)
                out.write(piece)
            if digest.hexdigest() != sha256:
                raise ValueError("its content is not what its name says")
    except (OSError, ValueError, NotVisible) as error:
        return f"file {sha256} could not be copied: {error}"
    return ""


def _fault(sha256: str, sm3: str, size: int) -> str:
    try:
        with open_file(sha256) as source:
            content = source.read()
    except (OSError, NotVisible) as error:
        return f"file {sha256} cannot be read: {error}"
    good = (sha256_hex(content), sm3_hex(content), len(content)) == (sha256, sm3, size)
    return "" if good else f"file {sha256} has another content than it was stored with"


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".new-{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

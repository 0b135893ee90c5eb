"""Reads about stored files. Whoever calls this has decided that the reader may see the file."""

import re
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tradehall.documents.models import StoredFile
from tradehall.kernel.refusal import NotVisible

_DIGEST = re.compile("[0-9a-f]{64}")


def path_of(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):
        raise NotVisible(sha256)
    return Path(settings.HOME) / "files" / sha256[:2] / sha256[2:4] / sha256


def stored_file(sha256: str) -> StoredFile:
    found = StoredFile.objects.filter(sha256=sha256).first()
    if found is None:
        raise NotVisible(sha256)
    return found


def open_file(sha256: str) -> BinaryIO:
    """The bytes, opened for reading; the caller closes them."""
    stored_file(sha256)
    return path_of(sha256).open("rb")

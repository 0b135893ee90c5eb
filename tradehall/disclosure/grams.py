"""Search keys of a text and of a searched word: character pairs, ASCII grams and facet values as 32-bit integers.

Pure. What the keys find must equal what a plain LIKE over the same text finds; words that keys cannot decide say so.
Not a word segmenter and no ranking.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass

import numpy as np

MAX_DOC = 400_000
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz-_/.("
_BASE = len(ALPHABET)
_SURROGATES = (0xD800 - 32768) << 16
_FACETS = -32768 << 16
_CLIP = 65535
_CODES = np.full(128, -1, dtype=np.int64)
for _rank, _char in enumerate(ALPHABET):
    _CODES[ord(_char)] = _rank
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
_RUN = re.compile(r"[^\W_]+")


def normalise_text(text: str) -> str:
    """The one form in which texts and words meet: compatibility forms folded, lower case, single blanks, no NUL."""
    folded = unicodedata.normalize("NFKC", text.replace("\0", " ").encode("utf-8", "ignore").decode()).lower()
    return _BREAKS.sub("\n", _BLANKS.sub(" ", folded))[:MAX_DOC]


def facet_key(dimension: str, value: str) -> int:
    """Sixteen bits of a facet value: narrows the index scan, the column beside it decides."""
    return _FACETS + (zlib.crc32(f"{dimension}:{value}".encode()) & 0xFFFF)


def _codepoints(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)


def _pairs(points: np.ndarray) -> np.ndarray:
    clipped = np.minimum(points, _CLIP)
    return ((clipped[:-1] - 32768) << 16) + clipped[1:]


def _ascii_grams(points: np.ndarray, size: int) -> np.ndarray:
    codes = np.where(points < 128, _CODES[np.minimum(points, 127)], -1)
    if len(codes) < size:
        return np.empty(0, dtype=np.int64)
    parts = [codes[at : len(codes) - size + 1 + at] for at in range(size)]
    valid = np.all([part >= 0 for part in parts], axis=0)
    packed = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        packed = packed * _BASE + part
    offset = 0 if size == 3 else _BASE**3
    return packed[valid] + offset + _SURROGATES


def text_keys(text: str) -> np.ndarray:
    """Every key of a normalised text, sorted, without repeats."""
    points = _codepoints(text)
    if len(points) < 2:
        return np.empty(0, dtype=np.int32)
    grams = [_pairs(points), _ascii_grams(points, 3), _ascii_grams(points, 4)]
    return np.unique(np.concatenate(grams).astype(np.int32))


@dataclass(frozen=True, slots=True)
class WordKeys:
    """`exact`: the keys alone decide. `trigrams`: a trigram index can narrow this word by itself."""

    word: str
    keys: tuple[int, ...]
    exact: bool
    trigrams: bool


def word_keys(word: str) -> WordKeys:
    points = _codepoints(word)
    size = len(points)
    clipped = bool(size and points.max() >= _CLIP)
    if 3 <= size <= 4:
        whole = _ascii_grams(points, size)
        if len(whole) == 1:
            return WordKeys(word, (int(whole[0]),), True, False)
    fours = _ascii_grams(points, 4)
    found = {int(key) for key in fours} or {int(key) for key in _ascii_grams(points, 3)}
    if size >= 2 and len(fours) < max(
        1, size - 3
    ):  # else every pair lies in a rarer four, and would only be read beside it
        found |= {int(key) for key in _pairs(points)}
    longest = max((len(run) for run in _RUN.findall(word)), default=0)
    return WordKeys(word, tuple(sorted(found)), size == 2 and not clipped, longest >= 3)


def like_pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

"""Words for a place → the code of a region, remembered: a file names the same few thousand places again and again."""

from functools import lru_cache

from tradehall.reference import codes


@lru_cache(maxsize=65536)
def district_of(*words: str) -> str | None:
    """The most exact place the words name; a stated six-digit code goes first. None when it stays unclear."""
    for word in words:
        if word.isdigit() and len(word) == 6 and codes.is_region_code(word):
            return word
    plain = [word.removesuffix("本级") for word in words if word and not word.isdigit()]
    for text in ("".join(plain), *reversed(plain), *(f"{word}市" for word in plain[:1])):
        found = codes.find_region(text[:120])
        if found:
            return found.region.code
    return None

"""Names as written by many hands, brought to one spelling so that they can be compared.

A normalised name is a key, never shown, and never proof that two organisations are the same.
"""

import hashlib
import re
import unicodedata

_BRACKETS = str.maketrans("[]{}〔〕【】〈〉《》「」『』", "()()()()()()()()")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x1f\x7f]+")
_DOTS = re.compile("[•・‧∙●]")
_DASHES = re.compile("[‐‑‒–—―−－─]+")
_EDGES = " ,.;:!?、。·|/\\-_*"
_QUOTES = re.compile("[\"'“”‘’`]")


def normalise_name(text: str) -> str:
    """One spelling for a party's name: half width, one kind of bracket, no white space, capitals, no edge marks."""
    return _one_spelling(text).strip(_EDGES)


def mention_no(name: str) -> str:
    """The number of a party known by name only: `n-` and 16 hexadecimal digits."""
    return "n-" + hashlib.sha256(normalise_name(name).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def normalise_title(text: str) -> str:
    """One spelling for the title of a project or notice; quotation marks do not count."""
    return _one_spelling(_QUOTES.sub("", text)).strip(_EDGES)


def _one_spelling(text: str) -> str:
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    plain = _DASHES.sub("-", _DOTS.sub("·", plain.translate(_BRACKETS)))
    # Removing and capitalising can bring together what composes anew.
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", plain.upper()))

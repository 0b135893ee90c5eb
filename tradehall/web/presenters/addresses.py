"""Addresses of lists as links: readable parameters, the same for every suffix. Pure; builds no absolute address."""

from collections.abc import Mapping
from urllib.parse import urlencode

from tradehall.disclosure.query import Query


def address(path: str, parameters: Mapping[str, str | int | None]) -> str:
    """`/notices?line=works`; empty values are left out, and a list without conditions is its bare path."""
    kept = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def with_changes(path: str, query: Query, **changes: str | int | None) -> str:
    """The address of this list with some conditions changed; a changed condition starts again at page 1."""
    return address(path, query.parameters(**{"page": None, **renamed(changes)}))


def renamed(changes: Mapping[str, str | int | None]) -> dict[str, str | int | None]:
    """`from` cannot be a keyword in Python, so callers may write `from_`."""
    return {name.rstrip("_"): value for name, value in changes.items()}


def query_of(query: Query) -> str:
    """`?…` of this list without its page, for links to other formats; empty without conditions."""
    text = urlencode(query.parameters(page=None))
    return f"?{text}" if text else ""

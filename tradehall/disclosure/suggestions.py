"""What to offer around a search: the page of a number, district words as filters, a right spelling, what to drop.

Suggests only words that stand in recent titles; never changes what was typed except the district words it names.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models.functions import Substr

from tradehall.kernel.identifiers import is_organisation_code, is_uscc
from tradehall.kernel.refusal import NotVisible
from tradehall.parties import selectors as parties
from tradehall.reference.places import HOME_CITIES, find_region

from .models import NoticeRow, NumberRow, OrganisationRow, RoleRow
from .query import Note, Query
from .rules import district_span, typed_keys

MENTION = re.compile(r"N-[0-9A-F]{16}")
RECENT = 6_000  # titles; reading and comparing them has to fit beside the search itself
LONGEST = 12
NAMES = {
    "line": "市场", "stage": "环节", "districts": "地区", "kind": "公告类型", "method": "方式", "principal": "招标人",
    "since": "起始日期", "until": "截止日期", "amount_min": "金额下限", "amount_max": "金额上限", "state": "状态",
}  # fmt: skip
PARAMETER = {"districts": "district", "since": "from", "until": "to"}


def direct_hit(query: Query) -> str | None:
    """The address a typed number stands for: a project before its lots before notices, each only when it is one."""
    keys = typed_keys(query.q)
    if not 4 <= len(keys[0]) <= 120 or not any(char.isdigit() for char in keys[0]):
        return None
    found = set(NumberRow.objects.filter(number__in=keys).values_list("href", flat=True)[:50])
    for place in ("/p/", "/lot/", "/n/"):
        pages = [href for href in found if href.startswith(place)]
        if len(pages) == 1:
            return pages[0]
    return None if found else _organisation(keys[0])


def _organisation(key: str) -> str | None:
    if MENTION.fullmatch(key) and OrganisationRow.objects.filter(mention_no=key.lower()).exists():
        return f"/org/{key.lower()}"
    if is_uscc(key) and (RoleRow.objects.filter(uscc=key).exists() or _is_registered(key)):
        return f"/org/{key}"
    if not is_organisation_code(key):
        return None
    known = OrganisationRow.objects.annotate(code=Substr("uscc", 9, 9)).filter(code=key.replace("-", ""))
    codes = set(known.values_list("uscc", flat=True)[:2])
    return f"/org/{codes.pop()}" if len(codes) == 1 else None


def _is_registered(uscc: str) -> bool:
    try:
        parties.organisation(uscc)
    except NotVisible:
        return False
    return True


def districts_from_words(query: Query) -> Query:
    if len(query.words) < 2 or query.districts:
        return query
    for word in query.words:
        codes = _codes_of(word)
        if codes:
            text = ",".join(f"{code:06d}" for code in codes)
            rest = tuple(other for other in query.words if other != word)
            note = Note("district_word", f"已将“{word}”作为地区条件。", drop="district", instead=text)
            given = {**query.given, "q": " ".join(rest), "district": text}
            return replace(query, words=rest, districts=tuple(codes), notes=(*query.notes, note), given=given)
    return query


def _codes_of(word: str) -> list[int]:
    """The one region the whole word names, if notices lie in it; else the places that notices themselves call so."""
    if len(word) < 2:
        return []
    named = find_region(word, HOME_CITIES)
    if named and named.word == word:
        low, high = district_span(int(named.region.code))
        if NoticeRow.objects.filter(district__gte=low, district__lt=high).exists():
            return [int(named.region.code)]
    known = NoticeRow.objects.filter(district_name=word, district__isnull=False)
    return sorted({code for code in known.order_by().values_list("district", flat=True)[:500] if code})


def district_names(codes: Iterable[int]) -> dict[int, str]:
    """As notices call them: one index look-up a code, however many notices there are."""
    sql = """select code, (select district_name from disclosure_notice_row
        where district = code and district_name is not null limit 1) from unnest(%s::int[]) code"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(set(codes))])
        return {code: name for code, name in cursor.fetchall() if name}


def when_empty(query: Query, finds: Callable[[Query], bool]) -> tuple[Note, ...]:
    """Which single condition stands in the way, and which spelling would find something."""
    notes = [_drop(query, name) for name in NAMES if getattr(query, name) and finds(_without(query, name))]
    titles = "\n".join(NoticeRow.objects.order_by("-published_at").values_list("title_key", flat=True)[:RECENT])
    for word in query.words:
        rest = tuple(other for other in query.words if other != word)
        if rest and finds(replace(query, words=rest)):
            notes.append(Note("drop_word", f"去掉“{word}”后有结果。", drop=word, instead=" ".join(rest)))
        right = similar_word(word, titles)
        if right:
            text = " ".join(right if other == word else other for other in query.words)
            notes.append(Note("typo", f"您要找的是不是“{right}”？", drop=word, instead=text))
    return tuple(notes)


def _without(query: Query, name: str) -> Query:
    given: dict[str, Any] = {name: () if name == "districts" else None}
    return replace(query, **given)


def _drop(query: Query, name: str) -> Note:
    return Note("drop", f"去掉条件“{NAMES[name]}”后有结果。", drop=PARAMETER.get(name, name))


def similar_word(word: str, titles: str) -> str | None:
    """The commonest word of recent titles that is one character away: replaced, missing or too many."""
    if not 2 <= len(word) <= LONGEST or word in titles:
        return None
    found: Counter[str] = Counter()
    for pattern in _patterns(word):
        found.update(re.findall(pattern, titles))
    best = found.most_common(1)
    return best[0][0] if best else None


def _patterns(word: str) -> list[str]:
    parts = [(re.escape(word[:at]), re.escape(word[at + 1 :])) for at in range(len(word))]
    patterns = [rf"{before}\w{after}" for before, after in parts]
    if len(word) > 2:
        patterns += [before + after for before, after in parts]
    patterns += [rf"{re.escape(word[:at])}\w{re.escape(word[at:])}" for at in range(1, len(word))]
    return patterns

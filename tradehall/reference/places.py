"""Regions by code and by the words people use for them: GB/T 2260, abolished codes, and the invented demo city.

A district word is only found where it is clear which district is meant; nothing is guessed from streets or firms.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from tradehall.reference.tables import rows

SHANGHAI = "310000"
DEMO_CITY = "990100"
HOME_CITIES = (DEMO_CITY, SHANGHAI)
PROVINCE, CITY, DISTRICT = 1, 2, 3

# Levels that group districts in the code and are no place anybody names.
_GROUPS = frozenset({"市辖区", "县", "直辖县"})
# Names that are ordinary words as well; they count only where their city or province stands beside them.
_ORDINARY = frozenset(
    {
        "城区", "老城区", "郊区", "矿区", "东区", "西区", "新县",
        "古县", "南县", "高县", "理县", "青县", "道县", "城关区", "市中区",
    }
)  # fmt: skip
_SUFFIX = re.compile(r"(?:特别行政区|[\u4e00-\u9fff]{0,6}?族?自治[区州县旗]|省|市|地区|新区|区|县|盟|旗)$")
_ENDS = re.compile("[省市区县旗州盟]")
_LONGEST, _SHORTEST = 15, 2
_PROVINCE_WORDS = {"150000": "内蒙古", "450000": "广西", "540000": "西藏", "640000": "宁夏", "650000": "新疆"}


@dataclass(frozen=True, slots=True)
class Region:
    """`level`: 1 province, 2 city, 3 district or county."""

    code: str
    name: str
    level: int
    parent_code: str | None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A region and the very word of the text that named it."""

    region: Region
    word: str


def region(code: str) -> Region | None:
    """The region of a six-digit code, as it stands today; an abolished code gives the region it went into."""
    return _by_code().get(code) or _by_code().get(_former().get(code, ""))


def is_region_code(code: str) -> bool:
    return code in _by_code() or code in _former()


def districts_of(city: str) -> tuple[Region, ...]:
    """The districts of a city or municipality, in the order of their codes (the demo city: as it lists them)."""
    found: list[Region] = []
    for child in _children().get(city, ()):
        if child.name in _GROUPS:
            found += _children().get(child.code, ())
        elif child.level == DISTRICT:
            found.append(child)
    return tuple(found)


def full_name(code: str) -> str:
    """`上海市浦东新区`: the region with what it lies in; the code itself when nobody knows it."""
    found = region(code)
    if found is None:
        return code
    above = [each.name for each in _above(found)]
    return "".join([*reversed(above), found.name])


def region_by_name(text: str, home: Sequence[str] = ()) -> Region | None:
    """The region that free text names, most specific first; `home` cities may be named by districts alone."""
    found = find_region(text, home)
    return found.region if found else None


def find_region(text: str, home: Sequence[str] = ()) -> Found | None:
    """As `region_by_name`, with the word that was understood, so that a search can show it and take it out.

    Several regions of one name are told apart by their city or province in the same text, then by `home`. What
    stays unclear is not answered. The demo city exists only for who calls it home.
    """
    named = list(_named(text))
    inside = [found for found in named if _is_within(found.region, home)] or list(_short_home_words(text, home))
    clear = [found for found in named if _stand_beside(found.region, text)]
    alone = [found for found in named if _is_unmistakable(found.region)]
    for choice in (_best_told_apart(clear, text), inside, alone):
        best = _most_specific(choice)
        if best is not None:
            return best
    return _province_word(text)


def _named(text: str) -> Iterable[Found]:
    """Every region whose whole name stands in the text; of names that end at the same place the longest."""
    for end in _ENDS.finditer(text):
        for size in range(_LONGEST, _SHORTEST - 1, -1):
            word = text[max(end.end() - size, 0) : end.end()]
            if len(word) == size and word in _by_name():
                yield from (Found(each, word) for each in _by_name()[word])
                break
    yield from (Found(each, "市本级") for each in _by_name().get("市本级", ()) if "市本级" in text)


def _most_specific(found: Sequence[Found]) -> Found | None:
    if not found:
        return None
    deepest = max(each.region.level for each in found)
    best = [each for each in found if each.region.level == deepest]
    # The first named wins, unless its word fits several.
    same_word = {each.region.code for each in best if each.word == best[0].word}
    return best[0] if len(same_word) == 1 else None


def _best_told_apart(found: Sequence[Found], text: str) -> list[Found]:
    """Of the districts (else cities) named beside what they lie in, those with most of it in the text."""
    marks = [(each.region.level, _stand_beside(each.region, text)) for each in found]
    return [each for each, mark in zip(found, marks, strict=True) if mark == max(marks)]


def _stand_beside(place: Region, text: str) -> int:
    return sum(_short(each) in text for each in _above(place))


def _is_unmistakable(place: Region) -> bool:
    return (
        not place.is_demo
        and place.name not in _ORDINARY
        and len(place.name) > _SHORTEST
        and len(_real(place.name)) == 1
    )


def _is_within(place: Region, home: Sequence[str]) -> bool:
    return place.code in home or any(each.code in home for each in _above(place, with_groups=True))


def _short_home_words(text: str, home: Sequence[str]) -> Iterable[Found]:
    for city in home:
        for district in districts_of(city):
            word = _short(district)
            if len(word) >= _SHORTEST and word in text:
                yield Found(district, word)


def _province_word(text: str) -> Found | None:
    found = [
        Found(each, _short(each)) for each in _by_code().values() if each.level == PROVINCE and _short(each) in text
    ]
    return found[0] if len(found) == 1 else None


def _short(place: Region) -> str:
    return _PROVINCE_WORDS.get(place.code) or _SUFFIX.sub("", place.name) or place.name


def _above(place: Region, with_groups: bool = False) -> list[Region]:
    found: list[Region] = []
    above = _by_code().get(place.parent_code or "")
    while above is not None:
        if with_groups or above.name not in _GROUPS:
            found.append(above)
        above = _by_code().get(above.parent_code or "")
    return found


def _real(name: str) -> list[Region]:
    return [each for each in _by_name().get(name, ()) if not each.is_demo]


@cache
def _by_code() -> dict[str, Region]:
    return {each.code: each for each in (*_read("regions"), *_read("demo_regions"))}


@cache
def _by_name() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for each in _by_code().values():
        if each.name not in _GROUPS:
            found.setdefault(each.name, []).append(each)
    return found


@cache
def _children() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for each in _by_code().values():
        found.setdefault(each.parent_code or "", []).append(each)
    return found


@cache
def _former() -> dict[str, str]:
    return {row["code"]: row["current_code"] for row in rows("regions_former")}


def _read(name: str) -> Iterable[Region]:
    is_demo = name.startswith("demo")
    return (
        Region(row["code"], row["name"], int(row["level"]), row["parent_code"] or None, is_demo) for row in rows(name)
    )

"""The trade lines that are installed: each says in its own `line.toml` what it is called and how it speaks.

Discovered, never listed: a new line is an app with that file. What a line's trades look like is no business of this.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps


@dataclass(frozen=True, slots=True)
class CardWord:
    """One stage word of the line's card on the home page; `query` filters a list of notices to what it counts."""

    label: str
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """`words`: what parties and things are called here (principal, bidder, agency, lot, …); `amounts`: the money.

    `kinds`: notice kinds that are called otherwise here; `sells`: whether the principal sells (never, always, or as the
    method says); `notice_amount`: which of the amounts a notice shows.

    `natural_persons`: whether people may bid in their own name; `is_main`: a full card on the home page, else a slim one.
    """

    code: str
    name: str
    short: str
    order: int
    token: str
    icon: str
    number_prefix: str
    classification_prefixes: tuple[str, ...]
    deal_classify: tuple[str, ...]
    words: dict[str, str]
    amounts: dict[str, str]
    card: tuple[CardWord, ...]
    kinds: dict[str, str]
    sells: str
    notice_amount: str | None
    natural_persons: bool = False
    is_main: bool = False

    @property
    def tag(self) -> str:
        """The class of the line's tag: its colour token without the `m-`."""
        return self.token.removeprefix("m-")


@cache
def lines() -> tuple[Line, ...]:
    """All installed lines in the order they are shown."""
    found = (Path(config.path) / "line.toml" for config in apps.get_app_configs())
    return tuple(sorted((_read(path) for path in found if path.is_file()), key=lambda line: line.order))


def line(code: str) -> Line | None:
    return next((each for each in lines() if each.code == code), None)


def installed_line(code: str) -> Line:
    """The line of a record we hold. KeyError: its app has been taken out of the settings, which is a fault of ours."""
    return {each.code: each for each in lines()}[code]


def line_of_classification(code: str) -> Line | None:
    """The line a 公共资源交易分类代码 belongs to, by its first letter or letters."""
    return next((each for each in lines() if code.startswith(each.classification_prefixes)), None)


def _read(path: Path) -> Line:
    stated = tomllib.loads(path.read_text("utf-8"))
    return Line(
        code=stated["code"],
        name=stated["name"],
        short=stated["short"],
        order=stated["order"],
        token=stated["token"],
        icon=stated["icon"],
        number_prefix=stated["number_prefix"],
        classification_prefixes=tuple(stated["classification_prefixes"]),
        deal_classify=tuple(stated["deal_classify"]),
        words=stated["words"],
        amounts=stated["amounts"],
        card=tuple(CardWord(entry.pop("label"), entry) for entry in stated["card"]),
        kinds=stated.get("kinds", {}),
        sells=stated["sells"],
        notice_amount=stated.get("notice_amount"),
        is_main=stated.get("is_main", False),
        natural_persons=bool(stated.get("natural_persons", False)),
    )

"""When people are told, by which way, how often a mail is tried, and what an address must look like. Pure.

Times are arguments. What counts as news of a notice is decided by the reader that finds it, not here.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import Violation
from tradehall.kernel.times import to_beijing

VISITOR = Actor("person", "visitor", "订阅人")  # has no account: the link of a mail is all that he shows
PUBLISHED: Final = "published"
CHANGED: Final = "changed"
HOURS = {"due_72": 72, "due_24": 24, "due_2": 2}
MOMENTS = {
    PUBLISHED: "发布公告", CHANGED: "变更、暂停或终止",
    "due_72": "截止前 72 小时", "due_24": "截止前 24 小时", "due_2": "截止前 2 小时",
}  # fmt: skip
AT_ONCE: Final = "at_once"
DAILY: Final = "daily"
NO_MAIL: Final = "none"
MAILS = {AT_ONCE: "每条即时发送", DAILY: "每日汇总一封（8 时）", NO_MAIL: "不发邮件"}
KINDS = {"project": "项目", "lot": "标段", "organisation": "主体", "search": "检索"}
DIGEST_HOUR = 8  # Beijing
MOST_MAILS_AT_ONCE = 10  # of one batch to one address; more come as one

CONFIRM_WITHIN = timedelta(hours=48)
MANAGE_WITHIN = timedelta(days=30)
MOST_SUBSCRIPTIONS = 100
# Against mail-bombing: confirmations to one address a day, forms sent from one network address an hour, and over all.
CONFIRMATIONS_A_DAY, FORMS_AN_HOUR, FORMS_AN_HOUR_OVER_ALL = 3, 20, 2_000

FIRST_DELAY_S, GROWTH, LONGEST_DELAY_S = 30.0, 3.0, 6 * 3600.0
MOST_ATTEMPTS = 17  # about three days

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed: a project, lot or organisation by number, or a list by its conditions.

    `no` of a search is the digest of its conditions, so that the same list is followed once.
    """

    kind: str
    no: str
    title: str
    conditions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """At which moments to be told, and whether by mail too."""

    moments: tuple[str, ...] = tuple(MOMENTS)
    mail: str = AT_ONCE


def wish_violations(wish: Wish) -> list[Violation]:
    found = []
    if not wish.moments or set(wish.moments) - set(MOMENTS):
        found.append(Violation("moments", "请至少选择一种提醒时机", "moments"))
    if wish.mail not in MAILS:
        found.append(Violation("mail", "请选择邮件的发送方式", "mail"))
    return found


def clean_address(typed: str) -> str:
    """As typed, without blanks around it; the part after @ in lower case, as mail servers read it."""
    local, _, domain = typed.strip().rpartition("@")
    return f"{local}@{domain.lower()}" if local else typed.strip()


def address_violations(address: str) -> list[Violation]:
    """Plain addresses only: what a header or a command could be smuggled in with is refused, not cleaned."""
    local = address.rpartition("@")[0]
    is_plain = len(address) <= 254 and _ADDRESS.fullmatch(address) is not None
    if is_plain and ".." not in local and not local.startswith(".") and not local.endswith("."):
        return []
    return [Violation("address", "邮件地址应如 name@example.com，请检查后再提交", "address")]


def network_of(address: str) -> str:
    """Whom a network address stands for: one of the old kind, or the /64 a household has; empty when there is none."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{known}/{64 if known.version == 6 else 32}", strict=False))


def delay_s(attempts: int, chance: float) -> float:
    """30 s, 90 s, 4½ min … six hours, each half of it up to one and a half; `chance` is in [0, 1)."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * GROWTH ** min(max(0, attempts - 1), 12)) * (0.5 + chance)


def digest_at(at: datetime) -> datetime:
    """The next morning hour at which daily mails go out, strictly after `at`."""
    today = to_beijing(at).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today > at else today + timedelta(days=1)


def moment_words(moments: Iterable[str]) -> str:
    chosen = set(moments)
    return "、".join(words for code, words in MOMENTS.items() if code in chosen)

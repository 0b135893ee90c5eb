"""Positions that a restore took back: whoever has read beyond them is told from where to read again.

A restored log uses positions anew, so a number alone cannot tell the old ones from the new; the log's name can (decision
0011). Who does not say the name is recognised only while his position lies beyond the log. A log that was never restored
has withdrawn nothing, and answers as it always did.
"""

from typing import NamedTuple
from urllib.parse import quote

from tradehall.journal import selectors as journal

NAME_HEADER = (
    "Tradehall-Log"  # in answers and webhooks: the log's name; in questions: the name it had in the last answer
)
AFTER_HEADER = "Tradehall-After"  # beside a 410: the position to go on from
NAME_PATTERN = r"^[\x21-\x7e]{0,900}$"
STATUS, CODE = 410, "withdrawn"


class Withdrawn(NamedTuple):
    """`after`: up to here the follower's log and ours are the same."""

    after: int
    words: str


def log_name() -> str:
    return _written(journal.log_names()[0])


def withdrawn(after: int, name: str = "") -> Withdrawn | None:
    """None when the log still holds what the follower has read up to `after`, as far as can be told."""
    names = [_written(one) for one in journal.log_names()]
    if after == 0 or name == names[0] or (len(names) == 1 and not name):
        return None
    if not name and after <= journal.last_position():
        return None
    if name and name not in names:
        return Withdrawn(0, f"位置 {after} 属于另一份日志（{name[:80]}）；没有给出任何条目，请以 after=0 重新读取")
    later = names[: names.index(name)] if name else names[:-1]
    held = {_written(one): size for one, size in journal.restored_sizes().items()} if later else {}
    # A restore whose own entry was withdrawn by a later one went back less far than that.
    sizes = [held[one] for one in later if one in held]
    if not sizes or after <= min(sizes):
        return None
    words = (
        f"日志已由备份恢复，位置 {min(sizes)} 之后的条目已撤回；没有给出任何条目，请删去这些条目，以 after={min(sizes)} 重新读取，"
        "并重新报送此后报送过的记录"
    )
    return Withdrawn(min(sizes), words)


def headers(found: Withdrawn | None = None) -> dict[str, str]:
    after = {AFTER_HEADER: str(found.after)} if found else {}
    return {NAME_HEADER: log_name(), **after}


def _written(name: str) -> str:
    return quote(name, safe="/:.-_~")

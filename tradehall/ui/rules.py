"""Pure helpers of presentation: word differences, urgency, page numbers. No Django, no clock of its own."""

from datetime import datetime, timedelta

from tradehall.kernel.wording import Op, compare_words

Part = tuple[Op, str]

SOON = timedelta(hours=72)
URGENT = timedelta(hours=24)


def word_diff(old: str, new: str) -> tuple[list[Part], list[Part]]:
    """The two texts cut into parts; joining either side's parts gives that text back."""
    segments = compare_words(old, new)
    sides = (("same", "del"), ("same", "ins"))
    olds, news = ([(one.op, one.text) for one in segments if one.op in side] for side in sides)
    return olds, news


def urgency(at: datetime, now: datetime) -> str:
    """ "", "soon" within 72 hours, "urgent" within 24, "over" from the moment itself."""
    left = at - now
    if left <= timedelta(0):
        return "over"
    return "urgent" if left <= URGENT else "soon" if left <= SOON else ""


def split_left(at: datetime, now: datetime) -> dict[str, str]:
    seconds = max(0, int((at - now).total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    return {"days": str(days), "hours": f"{hours:02}", "minutes": f"{minutes:02}", "seconds": f"{seconds:02}"}


def page_numbers(page: int, pages: int) -> list[int | None]:
    """First, last and the neighbours of this page; None where numbers are left out."""
    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    result: list[int | None] = []
    for number in shown:
        if result and number - (result[-1] or 0) > 1:
            result.append(None)
        result.append(number)
    return result

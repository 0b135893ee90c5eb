"""Reports for stories that begin before the rendition."""

from datetime import UTC, datetime

from tradehall.tenders.reports import NoticeReport, ProjectClaim

AT = datetime(2026, 3, 17, 1, tzinfo=UTC)


def report(number: int) -> NoticeReport:
    title = f"第{number}小学工程"
    claim = ProjectClaim(title)
    return NoticeReport("demo", str(number), f"{number:064x}", "tender_notice", "works", title, AT, claim)

"""The rows of a list as plain values, in the order asked for.

One shape for notices and projects; knows no addresses' suffixes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .models import NoticeRow, ProjectRow


@dataclass(frozen=True, slots=True)
class Item:
    notice_no: str | None
    project_no: str
    title: str
    kind: str
    line: str
    stage: str
    district: str | None
    published_at: datetime
    closes_at: datetime | None
    amount: int | None
    currency: str
    principal: str | None
    version: int | None
    source: str
    href: str
    project_href: str
    district_name: str | None = None
    kind_label: str = ""
    opens_at: datetime | None = None
    moved_from: datetime | None = None
    review_until: datetime | None = None
    status: str = ""
    notices: int = 1
    changes: int = 0
    is_reported: bool = True


def items_of(view: str, ids: Sequence[int], *, deals: bool = False) -> tuple[Item, ...]:
    """`deals`: amounts are those that count in the figures, so that a list adds up to its bar."""
    if view == "projects":
        projects = ProjectRow.objects.in_bulk(ids)
        return tuple(project_item(projects[row_id]) for row_id in ids if row_id in projects)
    notices = NoticeRow.objects.in_bulk(ids)
    return tuple(notice_item(notices[row_id], deals) for row_id in ids if row_id in notices)


def notice_item(row: NoticeRow, deals: bool = False) -> Item:
    return Item(
        notice_no=row.notice_no,
        project_no=row.project_no,
        title=row.title,
        kind=row.kind,
        line=row.line,
        stage=row.stage,
        district=f"{row.district:06d}" if row.district else None,
        published_at=row.published_at,
        closes_at=row.closes_at,
        amount=row.deal_cents if deals else row.amount_cents,
        currency=row.currency,
        principal=row.principal,
        version=row.version,
        source=row.source_name,
        href=f"/n/{row.notice_no}",
        project_href=f"/p/{row.project_no}",
        district_name=row.district_name,
        kind_label=row.kind_label,
        opens_at=row.opens_at,
        moved_from=row.moved_from,
        review_until=row.review_until,
        changes=row.version - 1,
        is_reported=row.is_reported,
    )


def project_item(row: ProjectRow) -> Item:
    href = f"/p/{row.project_no}"
    return Item(
        notice_no=None,
        project_no=row.project_no,
        title=row.title,
        kind=row.kind,
        line=row.line,
        stage=row.stage,
        district=f"{row.district:06d}" if row.district else None,
        published_at=row.published_at,
        closes_at=row.closes_at,
        amount=row.amount_cents if row.deal_cents is None else row.deal_cents,
        currency=row.currency,
        principal=row.principal,
        version=None,
        source=row.source_name,
        href=href,
        project_href=href,
        district_name=row.district_name,
        opens_at=row.opens_at,
        moved_from=row.moved_from,
        review_until=row.review_until,
        status=row.status,
        notices=row.notices,
        changes=row.changes,
    )

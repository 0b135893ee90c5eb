"""Organisations as published notices name them: one with all its roles, and the list of all of them.

Counts projects, never notices. What authorities said of an organisation is the business of `parties`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet, Sum

from .aggregates import ROLES
from .grams import normalise_text
from .joins import codes_of, listed_as, stated_as
from .listing import Item, project_item
from .models import OrganisationRow, ProjectRow, RoleRow

PAGE_SIZE = 50
MOST_DEADLINES = 200


@dataclass(frozen=True, slots=True)
class OrganisationView:
    no: str
    name: str
    uscc: str | None
    names: tuple[str, ...]
    counts: dict[str, int]
    won_cents: int
    roles: tuple[RoleRow, ...]
    same_name: int


@dataclass(frozen=True, slots=True)
class OrganisationItem:
    no: str
    name: str
    uscc: str | None
    projects: int
    counts: dict[str, int]
    published_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    total: int
    page: int
    pages: int
    items: tuple[OrganisationItem, ...]


def organisation_view(no: str, limit: int = 200) -> OrganisationView | None:
    """By code what was stated with it and what was joined to it; by mention number everything under that name."""
    is_mention = no.startswith("n-")
    stated, joined = stated_as(no)
    roles = RoleRow.objects.filter(stated)
    newest = list(roles.select_related("notice").order_by("-published_at", "-id")[:limit])
    if not newest:
        return None
    counts = dict(roles.order_by().values_list("role").annotate(n=Count("project_no", distinct=True)))
    won = roles.filter(role="winner", notice__is_counted=True, notice__currency="CNY").aggregate(cents=Sum("cents"))
    names = tuple(dict.fromkeys(role.name for role in newest))
    mentions = {role.mention_no for role in newest}.difference(joined)
    same = 0 if is_mention else RoleRow.objects.filter(mention_no__in=mentions, uscc=None).count()
    uscc = next((role.uscc for role in newest if role.uscc), None) if is_mention else no
    return OrganisationView(no, names[0], uscc, names, counts, won["cents"] or 0, tuple(newest), same)


def open_closings(no: str, at: datetime) -> list[datetime]:
    """Deadlines still ahead of the projects whose notices name this organisation in any role."""
    times = _still_open(no, at).values_list("closes_at", flat=True)[:MOST_DEADLINES]
    return [at for at in times if at is not None]


def open_projects(no: str, at: datetime, limit: int) -> list[Item]:
    """Those projects, the next deadline first."""
    return [project_item(row) for row in _still_open(no, at)[:limit]]


def _still_open(no: str, at: datetime) -> QuerySet[ProjectRow]:
    named = RoleRow.objects.filter(uscc=no).values("project_no")
    return ProjectRow.objects.filter(project_no__in=named, closes_at__gt=at).order_by("closes_at", "id")


def organisations(words: str = "", page: int = 1, role: str | None = None) -> OrganisationPage:
    """Those with most projects first; `words` are parts of the name or a whole code; an unknown role is ignored."""
    rows = OrganisationRow.objects.all()
    for word in normalise_text(words.replace("\0", "")).split()[:10]:
        rows = rows.filter(listed_as(word.upper())) if len(word) == 18 and word.isalnum() and word.isascii() else rows.filter(
            name_key__contains=word
        )  # fmt: skip
    if role in ROLES:
        rows = rows.filter(**{f"{role}__gt": 0})
    total = rows.count()
    pages = max(1, -(-total // PAGE_SIZE))
    order = (F(role).desc(), "-id") if role in ROLES and role else (F("projects").desc(), "-id")
    start = (max(1, page) - 1) * PAGE_SIZE
    found = rows.order_by(*order)[start : start + PAGE_SIZE] if page <= pages else ()
    shown = list(found)
    joined = codes_of(shown)
    return OrganisationPage(total, page, pages, tuple(_item(row, joined) for row in shown))


def _item(row: OrganisationRow, joined: dict[str, str]) -> OrganisationItem:
    own = row.uscc or row.mention_no
    uscc = joined.get(own, row.uscc)
    no = uscc or row.mention_no
    counts = {role: int(getattr(row, role)) for role in ROLES}
    return OrganisationItem(no, row.name, uscc, row.projects, counts, row.published_at, f"/org/{no}")

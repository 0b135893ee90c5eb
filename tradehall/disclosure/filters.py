"""The conditions of a list besides its words: the same for notices, projects and searched texts, as fixed SQL.

Every value travels as a parameter. Column names come from the three maps below and nowhere else.
"""

from datetime import datetime

from tradehall.kernel.names import mention_no

from .grams import facet_key
from .models import RoleRow
from .query import Query
from .rules import district_span
from .windows import Condition

NOTICES = {
    "alias": "r",
    "published": "published_at",
    "closes": "closes_at",
    "amount": "amount_cents",
    "principal": "principal_no",
}
PROJECTS = {**NOTICES, "alias": "p"}
TEXTS = {"alias": "s", "published": "published", "closes": "closes", "amount": "amount", "principal": "principal"}
STATUS_KINDS: dict[str, tuple[str, ...]] = {
    "planned": ("plan", "consultation", "pre_disclosure"),
    "review": ("candidates", "prequalification_result", "single_source_review"),
    "dealt": ("result", "contract", "acceptance"),
    "opened": ("opening_record",),
    "failed": ("failure",),
    "terminated": ("termination",),
    "suspended": ("suspension",),
    "allocated": ("allocation",),
    "noticed": ("tender_notice", "invitation", "prequalification_notice", "correction", "resumption"),
}


def row_conditions(query: Query, at: datetime, names: dict[str, str]) -> list[Condition]:
    s = names["alias"]
    conditions = [_equal(s, name, getattr(query, name)) for name in ("line", "stage", "kind", "method")]
    found = [condition for condition in conditions if condition]
    if query.districts:
        found.append(_place(query, s))
    if query.principal:
        found.append(_principal(query.principal, f"{s}.{names['principal']}"))
    for value, sign in ((query.amount_min, ">="), (query.amount_max, "<=")):
        if value is not None:
            found.append(Condition(f"{s}.{names['amount']} {sign} %s", (value,)))
    if query.state:
        found.append(_state(query.state, at, names))
    return found


def span_conditions(query: Query, names: dict[str, str]) -> list[Condition]:
    column = f"{names['alias']}.{names['published']}"
    edges = ((query.since, ">="), (query.until, "<"))
    return [Condition(f"{column} {sign} %s", (edge,)) for edge, sign in edges if edge]


def _equal(alias: str, name: str, value: str | None) -> Condition | None:
    return Condition(f"{alias}.{name} = %s", (value,), (facet_key(name, value),)) if value else None


def _place(query: Query, alias: str) -> Condition:
    keys = (facet_key("district", str(query.districts[0])),) if len(query.districts) == 1 else ()
    if query.place == "none":
        return Condition(f"{alias}.district is null")
    if query.place == "only":
        return Condition(f"{alias}.district = any(%s)", (list(query.districts),), keys)
    spans = [district_span(code) for code in query.districts]
    sql = " or ".join(f"({alias}.district >= %s and {alias}.district < %s)" for _ in spans)
    return Condition(f"({sql})", tuple(edge for span in spans for edge in span), keys)


def _principal(value: str, column: str) -> Condition:
    """By code: every spelling under which that code was stated; else by mention number or by name."""
    upper = value.upper()
    known = RoleRow.objects.filter(uscc=upper, role="principal").values_list("mention_no", flat=True)
    mentions = sorted(set(known)) if len(upper) == 18 else []
    if not mentions:
        mentions = [value if value.startswith("n-") and len(value) == 18 else mention_no(value)]
    keys = (facet_key("principal_no", mentions[0]),) if len(mentions) == 1 else ()
    return Condition(f"{column} = any(%s)", (mentions,), keys)


def _state(state: str, at: datetime, names: dict[str, str]) -> Condition:
    s, closes = names["alias"], f"{names['alias']}.{names['closes']}"
    if state == "deal":
        return _deal(s)
    if state == "changed":
        return _changed(s)
    status = "noticed" if state in ("open", "closed") else state
    sql, value = ("p.status = %s", status) if s == "p" else (f"{s}.kind = any(%s)", list(STATUS_KINDS[status]))
    if state == "open":
        return Condition(f"({sql} and {closes} > %s)", (value, at))
    if state == "review" and s == "p":
        return Condition(f"({sql} and coalesce(p.review_until > %s, true))", (value, at))
    if state == "closed":
        return Condition(f"({sql} and {closes} <= %s)", (value, at))
    return Condition(f"({sql})", (value,))


def _deal(alias: str) -> Condition:
    column = {"p": "p.project_no", "r": "r.project_no", "s": "s.id"}[alias]
    if alias == "r":
        return Condition("r.is_counted")
    key = "id" if alias == "s" else "project_no"
    return Condition(f"exists (select from disclosure_notice_row d where d.{key} = {column} and d.is_counted)")


def _changed(alias: str) -> Condition:
    if alias == "p":
        return Condition("p.changes > 0")
    if alias == "r":
        return Condition("(r.version > 1 or r.kind = 'correction')")
    return Condition(
        "exists (select from disclosure_notice_row d where d.id = s.id and (d.version > 1 or d.kind = 'correction'))"
    )

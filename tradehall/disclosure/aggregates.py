"""What follows from the notices of a project together: its row, its counted deals, its dates in the calendar.

Recomputed set-based for the projects of a batch. Money is counted once for an attempt and lot, by the newest result.
"""

from django.db import connection

ROLES = ("principal", "agency", "winner", "candidate", "bidder", "supplier")

COLUMNS = (
    "project_code", "title", "title_key", "line", "kind", "stage", "status", "district", "district_name", "method",
    "principal", "principal_no", "attempts", "notices", "changes", "first_at", "published_at", "opens_at", "closes_at",
    "moved_from", "review_until", "amount_cents", "deal_cents", "currency", "source_name",
)  # fmt: skip

PROJECTS = """
with n as (
    select *, row_number() over w as rank from disclosure_notice_row where project_no = any(%(projects)s)
    window w as (partition by project_no order by published_at desc, attempt desc, id desc)
), reached as (
    select n.project_no,
        (array_agg(kind order by rank) filter (where kind in ('failure', 'termination', 'result')))[1] as ending,
        (array_agg(kind order by rank) filter (where kind in ('suspension', 'resumption')))[1] as hold,
        array_agg(distinct kind::text) as kinds
    from n join (select project_no, max(attempt) as attempt from n group by project_no) last
        using (project_no, attempt) group by n.project_no
), stateful as (
    select project_no, case when ending = 'failure' then 'failed' when ending = 'termination' then 'terminated'
        when hold = 'suspension' then 'suspended' when kinds && array['acceptance', 'contract'] then 'dealt'
        when 'allocation' = any(kinds) then 'allocated' when 'result' = any(kinds) then 'dealt'
        when 'candidates' = any(kinds) then 'review' when 'opening_record' = any(kinds) then 'opened'
        when kinds <@ array['plan', 'consultation', 'pre_disclosure'] then 'planned' else 'noticed' end as status
    from reached
), closings as (
    select project_no, array_agg(closes_at order by attempt desc, published_at desc, id desc) as closes,
        (array_agg(moved_from order by attempt desc, published_at desc, id desc))[1] as moved,
        array_agg(attempt order by attempt desc, published_at desc, id desc) as attempts
    from n where closes_at is not null group by project_no
), closing as (
    select project_no, closes[1] as closes, case when moved is not null then moved
        when closes[2] <> closes[1] and attempts[2] = attempts[1] then closes[2] end as moved_from from closings
)
insert into disclosure_project_row(project_no, {columns})
select n.project_no, (array_agg(project_code order by rank) filter (where project_code is not null))[1],
    (array_agg(project_title order by rank))[1], lower((array_agg(project_title order by rank))[1]),
    (array_agg(line order by rank))[1], (array_agg(kind order by rank))[1], (array_agg(stage order by rank))[1],
    coalesce(min(s.status), 'noticed'),
    (array_agg(district order by rank) filter (where district is not null))[1],
    (array_agg(district_name order by rank) filter (where district is not null))[1],
    (array_agg(method order by rank) filter (where method is not null))[1],
    (array_agg(principal order by rank) filter (where principal is not null))[1],
    (array_agg(principal_no order by rank) filter (where principal is not null))[1],
    max(attempt), count(*), sum(version - 1) + count(*) filter (where kind = 'correction'),
    min(published_at), max(published_at),
    (array_agg(opens_at order by rank) filter (where opens_at is not null))[1],
    min(c.closes), min(c.moved_from),
    max(review_until),
    (array_agg(amount_cents order by rank)
        filter (where amount_cents is not null and stage in ('notice', 'plan')))[1],
    sum(deal_cents) filter (where is_counted), (array_agg(currency order by rank))[1],
    (array_agg(source_name order by rank))[1]
from n left join stateful s using (project_no) left join closing c using (project_no) group by n.project_no
on conflict (project_no) do update set ({columns}) = ({excluded})
returning project_no, id
""".format(columns=", ".join(COLUMNS), excluded=", ".join(f"excluded.{name}" for name in COLUMNS))

COUNTED = """
with newest as (
    select distinct on (project_no, attempt, lot) id from disclosure_deal_row where project_no = any(%(projects)s)
    order by project_no, attempt, lot, published_at desc, id desc
)
update disclosure_deal_row d set is_counted = d.id in (select id from newest) where project_no = any(%(projects)s)
    and is_counted is distinct from (d.id in (select id from newest))
"""

NOTICE_DEALS = """
with sums as (
    select n.id, coalesce(bool_or(d.is_counted), false) as counted,
        sum(d.cents) filter (where d.is_counted and n.currency = 'CNY') as cents
    from disclosure_notice_row n left join disclosure_deal_row d on d.notice_id = n.id
    where n.project_no = any(%(projects)s) group by n.id
)
update disclosure_notice_row n set is_counted = s.counted, deal_cents = s.cents from sums s
    where s.id = n.id and (n.is_counted, n.deal_cents) is distinct from (s.counted, s.cents)
"""

ORGANISATIONS = """
with mentions as (
    select r.mention_no, (array_agg(r.name order by r.published_at desc, r.id desc))[1] as name,
        (array_agg(r.uscc order by r.published_at desc, r.id desc) filter (where r.uscc is not null))[1] as uscc,
        count(distinct r.project_no) as projects, max(r.published_at) as published_at, {counts}
    from disclosure_role_row r where r.mention_no = any(%s) group by r.mention_no
)
insert into disclosure_organisation_row(mention_no, name, name_key, uscc, projects, published_at, {roles})
select mention_no, name, lower(name), uscc, projects, published_at, {roles} from mentions order by mention_no
on conflict (mention_no) do update set (name, name_key, uscc, projects, published_at, {roles}) =
    (excluded.name, excluded.name_key, excluded.uscc, excluded.projects, excluded.published_at, {excluded})
""".format(
    roles=", ".join(ROLES),
    excluded=", ".join(f"excluded.{role}" for role in ROLES),
    counts=", ".join(f"count(distinct r.project_no) filter (where r.role = '{role}') as {role}" for role in ROLES),
)

FORGET_ORGANISATIONS = """
delete from disclosure_organisation_row o where mention_no = any(%s)
    and not exists (select from disclosure_role_row r where r.mention_no = o.mention_no)
"""

FORGET = """
delete from disclosure_event_row where project_no = any(%(projects)s);
delete from disclosure_project_row where project_no = any(%(projects)s)
    and not exists (select from disclosure_notice_row n where n.project_no = disclosure_project_row.project_no)
"""

EVENTS = """
with n as (
    select n.*, coalesce(p.status, '') as status, p.published_at as last_at, p.moved_from as project_moved
    from disclosure_notice_row n join disclosure_project_row p using (project_no) where n.project_no = any(%(projects)s)
), closing as (
    select distinct on (project_no, attempt) *, closes_at as at from n where closes_at is not null
    order by project_no, attempt, published_at desc, id desc
), opening as (
    select distinct on (project_no, attempt) *, opens_at as at from n where opens_at is not null
    order by project_no, attempt, published_at desc, id desc
), review as (
    select distinct on (project_no, attempt, kind) *, review_until as at from n where review_until is not null
    order by project_no, attempt, kind, published_at desc, id desc
), events as (
    select *, 'closing' as event from closing union all
    select *, case when method in ('auction', 'listing', 'online_bidding') then 'auction' else 'opening' end
        from opening
    union all select *, 'review' from review
)
insert into disclosure_event_row(notice_id, project_no, kind, line, at, moved_from)
select id, project_no, event, line, at, case when event = 'closing' then coalesce(moved_from, project_moved) end
from events where not (status in ('terminated', 'suspended', 'failed') and at > last_at)
"""


def refresh_projects(projects: list[str]) -> dict[str, int]:
    """Brings the rows of these projects up to date; returns their ids."""
    given = {"projects": projects}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, given)
        cursor.execute(NOTICE_DEALS, given)
        cursor.execute(PROJECTS, given)
        ids = dict(cursor.fetchall())
        for statement in FORGET.split(";"):
            cursor.execute(statement, given)
        cursor.execute(EVENTS, given)
    return ids


def refresh_organisations(mentions: list[str]) -> None:
    """Counts these names again; a name that no notice states any more is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_ORGANISATIONS, [mentions])
        cursor.execute(ORGANISATIONS, [mentions])

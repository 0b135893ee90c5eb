"""Grants come from `accounts` with their rows and get a proposal each; mandates begin. All of it only grows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from tradehall.journal.append_only import forbid_changes

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
TERMS = [
    ("account", models.ForeignKey(**PERSON)),
    ("role", models.CharField(max_length=32)),
    ("organisation_uscc", models.CharField(blank=True, max_length=18)),
    ("organisation_name", models.CharField(blank=True, max_length=200)),
    ("lines", models.JSONField(default=list)),
    ("districts", models.JSONField(default=list)),
    ("lot_no", models.CharField(max_length=32, null=True)),
]
TWO_PEOPLE = Q(granted_by__isnull=True, approved_by__isnull=True, role="administrator") | (
    Q(granted_by__isnull=False, approved_by__isnull=False)
    & ~Q(granted_by=F("approved_by"))
    & ~Q(granted_by=F("account"))
    & ~Q(approved_by=F("account"))
)
# The rows stay where they are under a new name. Roles got the names of parties/roles.toml; who had stood behind a grant
# without a proposal is written down as its proposer.
MOVE = """
alter table accounts_grant rename to parties_grant;
alter sequence accounts_grant_id_seq rename to parties_grant_id_seq;
alter table parties_grant
  add column lines jsonb not null default '[]', add column districts jsonb not null default '[]',
  add column lot_no varchar(32), add column proposal_id bigint;
alter table parties_grant alter column lines drop default, alter column districts drop default;
alter table parties_grant drop constraint grant_has_two_other_people;
update parties_grant set
  lines = case when line is null then '[]'::jsonb else jsonb_build_array(line) end,
  districts = case when district is null then '[]'::jsonb else jsonb_build_array(district) end,
  role = case role when 'panel' then 'expert' when 'operator' then 'centre' else role end;
alter table parties_grant_proposal add column of_grant bigint;
insert into parties_grant_proposal (account_id, role, organisation_uscc, organisation_name, lines, districts, from_at,
    until_at, reason, proposed_by_id, proposer_uscc, proposed_at, of_grant)
  select account_id, role, organisation_uscc, organisation_name, lines, districts, from_at, until_at, '', granted_by_id,
    '', created_at, id from parties_grant;
update parties_grant g set proposal_id = p.id from parties_grant_proposal p where p.of_grant = g.id;
set constraints all immediate;
alter table parties_grant_proposal drop column of_grant;
alter table parties_grant drop column line, drop column district, alter column proposal_id set not null;
create index grant_organisation on parties_grant (organisation_uscc);
"""
BACK = """
alter table parties_grant rename to accounts_grant;
alter sequence parties_grant_id_seq rename to accounts_grant_id_seq;
drop index grant_organisation;
alter table accounts_grant add column line varchar(16), add column district varchar(6);
update accounts_grant set line = lines->>0, district = districts->>0,
  role = case role when 'expert' then 'panel' when 'centre' then 'operator' else role end;
set constraints all immediate;
alter table accounts_grant drop column lines, drop column districts, drop column lot_no, drop column proposal_id;
"""
# A grant is what was proposed, for whom and by whom; it is decided once.
HOLD = """
alter table parties_grant_proposal add constraint proposal_terms unique (id, account_id, role);
alter table parties_grant_proposal add constraint proposal_person unique (id, proposed_by_id);
alter table parties_grant add constraint grant_once unique (proposal_id);
alter table parties_grant add constraint grant_is_what_was_proposed foreign key (proposal_id, account_id, role)
  references parties_grant_proposal (id, account_id, role);
alter table parties_grant add constraint grant_is_whose_was_proposed foreign key (proposal_id, granted_by_id)
  references parties_grant_proposal (id, proposed_by_id);
create or replace function grant_decided_once() returns trigger language plpgsql as $body$
declare other text := case tg_table_name when 'parties_grant' then 'parties_grant_refusal' else 'parties_grant' end;
  decided boolean;
begin
  perform 1 from parties_grant_proposal where id = new.proposal_id for key share;
  execute format('select exists (select from %I where proposal_id = $1)', other) into decided using new.proposal_id;
  if decided then
    raise exception 'proposal % has been decided; nothing was changed', new.proposal_id
      using errcode = 'restrict_violation';
  end if;
  return new;
end $body$;
create trigger grant_decided_once before insert on parties_grant
  for each row execute function grant_decided_once();
create trigger refusal_decided_once before insert on parties_grant_refusal
  for each row execute function grant_decided_once();
"""
UNHOLD = """
drop trigger refusal_decided_once on parties_grant_refusal;
drop trigger grant_decided_once on parties_grant;
drop function grant_decided_once();
alter table parties_grant drop constraint grant_is_whose_was_proposed, drop constraint grant_is_what_was_proposed,
  drop constraint grant_once;
alter table parties_grant_proposal drop constraint proposal_person, drop constraint proposal_terms;
"""
TABLES = (
    "parties_grant_proposal",
    "parties_grant",
    "parties_grant_refusal",
    "parties_grant_ending",
    "parties_mandate",
    "parties_mandate_ending",
)


def only(name, to):
    """A record about one other record."""
    one = models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to=to
    )
    return (name, one)


def organisation():
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("journal", "0001_initial"),
        ("parties", "0002_append_only"),
    ]
    operations = [
        migrations.CreateModel(
            name="GrantProposal",
            fields=[
                ID,
                *TERMS,
                ("from_at", models.DateTimeField(null=True)),
                ("until_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("proposed_by", models.ForeignKey(null=True, **PERSON)),
                ("proposer_uscc", models.CharField(blank=True, max_length=18)),
                ("proposed_at", models.DateTimeField()),
            ],
            options={"db_table": "parties_grant_proposal"},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVE, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        ID,
                        *TERMS,
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="parties.grantproposal",
                            ),
                        ),
                        ("from_at", models.DateTimeField()),
                        ("until_at", models.DateTimeField(null=True)),
                        ("granted_by", models.ForeignKey(null=True, **PERSON)),
                        ("approved_by", models.ForeignKey(null=True, **PERSON)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "parties_grant",
                        "indexes": [models.Index(fields=["organisation_uscc"], name="grant_organisation")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                                name="grant_period_runs_forward",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(condition=TWO_PEOPLE, name="grant_has_two_other_people"),
        ),
        migrations.AddConstraint(
            model_name="grantproposal",
            constraint=models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(role="administrator"), name="proposal_has_a_proposer"
            ),
        ),
        migrations.AddConstraint(
            model_name="grantproposal",
            constraint=models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | ~Q(proposed_by=F("account")), name="proposal_for_another"
            ),
        ),
        migrations.CreateModel(
            name="GrantRefusal",
            fields=[
                only("proposal", "parties.grantproposal"),
                ("refused_by", models.ForeignKey(**PERSON)),
                ("reason", models.TextField()),
                ("refused_at", models.DateTimeField()),
            ],
            options={"db_table": "parties_grant_refusal"},
        ),
        migrations.CreateModel(
            name="GrantEnding",
            fields=[
                only("grant", "parties.grant"),
                ("ended_by", models.ForeignKey(**PERSON)),
                ("reason", models.TextField()),
                ("ended_at", models.DateTimeField()),
            ],
            options={"db_table": "parties_grant_ending"},
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("mandate_no", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("principal", organisation()),
                ("agency", organisation()),
                ("lines", models.JSONField(default=list)),
                ("projects", models.JSONField(default=list)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("document_sha256", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "db_table": "parties_mandate",
                "constraints": [
                    models.CheckConstraint(condition=~Q(principal=F("agency")), name="mandate_to_another"),
                    models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="mandate_period_runs_forward"),
                    models.CheckConstraint(condition=~Q(lines=[], projects=[]), name="mandate_says_what_for"),
                    models.CheckConstraint(
                        condition=Q(document_sha256__regex="^[0-9a-f]{64}$"), name="mandate_has_a_paper"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MandateEnding",
            fields=[
                only("mandate", "parties.mandate"),
                ("reason", models.TextField()),
                ("ended_at", models.DateTimeField()),
            ],
            options={"db_table": "parties_mandate_ending"},
        ),
        migrations.RunSQL(HOLD, UNHOLD),
        *[forbid_changes(table) for table in TABLES],
    ]

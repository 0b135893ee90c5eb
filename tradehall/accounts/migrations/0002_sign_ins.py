"""Sign-ins, attempts that failed, drafts, and the table of the cache that all web processes share."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tradehall.journal.append_only import forbid_changes

# A sign-in is not rewritten: its end comes once, its proof and the body acted for may change until then.
KEEP = """
create or replace function keep_sign_in() returns trigger language plpgsql as $body$
begin
  if tg_op <> 'UPDATE' or old.ended_at is not null
     or (new.id, new.sid, new.account_id, new.signed_in_at, new.address, new.device)
        is distinct from (old.id, old.sid, old.account_id, old.signed_in_at, old.address, old.device) then
    raise exception 'a sign-in is not rewritten: % refused, nothing was changed', tg_op
      using errcode = 'restrict_violation';
  end if;
  return new;
end $body$;
create trigger accounts_sign_in_stays before update or delete on accounts_sign_in
  for each row execute function keep_sign_in();
create trigger accounts_sign_in_all_stay before truncate on accounts_sign_in
  for each statement execute function keep_sign_in();
"""
LET_GO = """
drop trigger if exists accounts_sign_in_stays on accounts_sign_in;
drop trigger if exists accounts_sign_in_all_stay on accounts_sign_in;
drop function if exists keep_sign_in();
"""
# As Django's own `createcachetable` makes it; here, because the application's role may create nothing.
CACHE = """
create table accounts_cache (
  cache_key varchar(255) primary key, value text not null, expires timestamp with time zone not null);
create index accounts_cache_expires on accounts_cache (expires);
"""


def account(**more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("journal", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", key()),
                ("sid", models.CharField(max_length=43, unique=True)),
                ("session_hash", models.CharField(max_length=64, unique=True)),
                ("signed_in_at", models.DateTimeField()),
                ("proved_at", models.DateTimeField()),
                ("acr", models.CharField(max_length=64)),
                ("amr", models.JSONField(default=list)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                ("account", account()),
            ],
            options={
                "db_table": "accounts_sign_in",
                "indexes": [models.Index(fields=["account", "-signed_in_at"], name="sign_in_by_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("signed_in_at")), _connector="OR"
                        ),
                        name="sign_in_runs_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                ("id", key()),
                ("login_digest", models.CharField(max_length=64)),
                ("address", models.GenericIPAddressField(null=True)),
                ("tried_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=16)),
                ("account", account(null=True)),
            ],
            options={
                "db_table": "accounts_failed_sign_in",
                "indexes": [
                    models.Index(fields=["login_digest", "-tried_at"], name="failed_by_login"),
                    models.Index(fields=["address", "-tried_at"], name="failed_by_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", key()),
                ("form_href", models.CharField(max_length=300)),
                ("secret", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                ("account", account()),
            ],
            options={
                "db_table": "accounts_draft",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "form_href"), name="one_draft_a_form"),
                ],
            },
        ),
        forbid_changes("accounts_failed_sign_in"),
        migrations.RunSQL(KEEP, LET_GO),
        migrations.RunSQL(CACHE, "drop table accounts_cache;"),
    ]

"""Tables that only grow: triggers that refuse UPDATE, DELETE and TRUNCATE in words.

For migrations of any app. No protection against the database's owner, who can drop a trigger: witnesses are for that.
"""

import re

from django.db.migrations.operations import RunSQL

REFUSE = """
create or replace function refuse_change() returns trigger language plpgsql as $body$
begin
  raise exception 'table % only grows: % refused, nothing was changed; correct it by a new record', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end $body$;
"""


def forbid_changes(table: str) -> RunSQL:
    """The migration step that makes `table` append-only; a changed row raises IntegrityError."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", table):
        raise ValueError(f"not a table name: {table!r}")
    return RunSQL(
        REFUSE
        + f"""
create trigger {table}_only_grows before update or delete or truncate on {table}
  for each statement execute function refuse_change();
""",
        f"drop trigger if exists {table}_only_grows on {table};",
    )

"""Drops the indexes Django makes for `LIKE 'x%'` on text keys: nobody searches so here, and each costs every import."""

from django.db import migrations

DROP = """
do $body$ declare name text; begin
  for name in select indexname from pg_indexes
    where schemaname = current_schema() and tablename like 'tenders\\_%' and indexname like '%\\_like'
  loop execute format('drop index %I', name); end loop;
end $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenders", "0002_append_only")]
    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]

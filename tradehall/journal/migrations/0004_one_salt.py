"""Which salt this log's commitments were made with, as a digest: a host that came with another one is refused."""

from django.db import migrations

MAKE = """
create table journal_salt (is_one boolean primary key default true check (is_one), fingerprint text not null);
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_enter_at_once")]
    operations = [migrations.RunSQL(MAKE, "drop table journal_salt")]

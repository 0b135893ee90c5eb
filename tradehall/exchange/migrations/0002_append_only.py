"""What systems sent is never changed: a correction is a record of its own."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("journal", "0001_initial")]
    operations = [forbid_changes("exchange_inbound_record")]

"""What was stated stays: the table only grows."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("carbon", "0001_initial"), ("journal", "0001_initial")]
    operations = [forbid_changes("carbon_lot")]

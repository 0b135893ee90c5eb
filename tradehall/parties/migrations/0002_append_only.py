"""Standings, their revocations and earlier wordings of organisations only grow."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        forbid_changes(table)
        for table in ("parties_organisation_version", "parties_standing", "parties_standing_revocation")
    ]

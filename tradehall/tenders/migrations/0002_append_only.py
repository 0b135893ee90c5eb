"""What was published, stated or ended is never changed: those tables only grow."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("tenders", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        forbid_changes(table)
        for table in (
            "tenders_notice",
            "tenders_notice_lot",
            "tenders_notice_source",
            "tenders_original",
            "tenders_lot_fact",
            "tenders_term",
            "tenders_ending",
        )
    ]

"""What was stated, decided and compared only grows; sealed values alone may be sealed anew."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes

TABLES = (
    "parties_profile",
    "parties_qualification",
    "parties_licence",
    "parties_practitioner",
    "parties_bank_account",
    "parties_registration",
    "parties_registration_step",
    "parties_comparison",
)


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_registration"), ("journal", "0002_log_rules")]
    operations = [forbid_changes(table) for table in TABLES]

"""A stored file is what its digest says, for ever."""

from django.db import migrations

from tradehall.journal.append_only import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("journal", "0001_initial")]
    operations = [forbid_changes("documents_file")]

"""Grants are `parties`' now; their table was renamed there. Here only the memory of it goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_openid_provider"), ("parties", "0003_grants_and_mandates")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Grant")]),
    ]

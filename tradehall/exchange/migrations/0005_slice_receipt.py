"""Messages are worked on in slices: what each slice will be told is kept until the whole message has its answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_national_platform")]

    operations = [
        migrations.CreateModel(
            name="SliceReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("answer", models.TextField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="exchange.idempotencykey"
                    ),
                ),
            ],
            options={
                "db_table": "exchange_slice_receipt",
                "constraints": [models.UniqueConstraint(fields=("key", "number"), name="slice_receipt_once")],
            },
        ),
    ]

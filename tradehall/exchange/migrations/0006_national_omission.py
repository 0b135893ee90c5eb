"""What does not go to the national platform is kept with its reason. The journal is read again from its beginning, once:
what went out stays as it is (a record and version are one message), what was passed over until now is found.
"""

import django.db.models.deletion
from django.db import migrations, models

AGAIN = "update exchange_national_position set position = 0 where name = 'journal'"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_slice_receipt")]

    operations = [
        migrations.CreateModel(
            name="NationalOmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField()),
                ("line", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=16)),
                ("data_key", models.CharField(max_length=36)),
                ("version", models.CharField(max_length=64)),
                ("lot", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.inboundrecord",
                    ),
                ),
            ],
            options={
                "db_table": "exchange_national_omission",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["lot"], name="national_omission_of_lot"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("data_key", "version"), name="national_omission_once")],
            },
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]

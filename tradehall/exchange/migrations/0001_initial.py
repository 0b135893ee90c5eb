from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="InboundRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=64)),
                ("data_set", models.CharField(max_length=64)),
                ("data_key", models.CharField(max_length=200)),
                ("data_type", models.SmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("clean", models.JSONField()),
                ("subject_kind", models.CharField(max_length=16)),
                ("subject_no", models.CharField(max_length=64)),
                ("subject_version", models.IntegerField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_inbound_record",
                "constraints": [
                    models.UniqueConstraint(fields=("system", "data_key", "digest"), name="inbound_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(("data_type__in", (1, 2, 3))), name="inbound_record_data_type"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=200)),
                ("body_digest", models.CharField(max_length=64)),
                ("answer", models.TextField()),
                ("is_final", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_idempotency_key",
                "constraints": [models.UniqueConstraint(fields=("system", "key"), name="idempotency_key_once")],
            },
        ),
    ]

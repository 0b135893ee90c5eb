"""The one register: dossiers, what is on file in versions, registrations and their steps, sealed numbers, joins."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_append_only"),
        ("parties", "0003_grants_and_mandates"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedValue",
            fields=[
                ("value_no", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("owner_no", models.CharField(max_length=20)),
                ("cipher", models.TextField()),
                ("kept_until", models.DateField()),
                ("basis", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "parties_sealed_value",
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                ("dossier_no", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("party_no", models.CharField(db_index=True, max_length=20)),
                ("is_natural", models.BooleanField(default=False)),
                ("opened_by", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("proved_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "parties_dossier",
                "constraints": [
                    models.UniqueConstraint(fields=("party_no", "opened_by"), name="dossier_once_a_person"),
                    models.UniqueConstraint(
                        condition=models.Q(("proved_at__isnull", False)),
                        fields=("party_no",),
                        name="dossier_proved_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_name", models.CharField(max_length=200)),
                ("status", models.CharField(max_length=16)),
                ("changes", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("compared_by", models.CharField(max_length=64)),
                ("compared_at", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
            ],
            options={
                "db_table": "parties_comparison",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("registration_no", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=32)),
                ("line", models.CharField(max_length=16)),
                ("opened_by", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
            ],
            options={
                "db_table": "parties_registration",
            },
        ),
        migrations.CreateModel(
            name="RegistrationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("acted_by", models.CharField(max_length=64)),
                ("acted_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.registration"
                    ),
                ),
            ],
            options={
                "db_table": "parties_registration_step",
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_no", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("stated_by", models.CharField(max_length=64)),
                ("stated_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("code", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=32)),
                ("certificate_no", models.CharField(max_length=64)),
                ("until_on", models.DateField(null=True)),
                ("identity_hash", models.CharField(max_length=64)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "sealed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.sealedvalue"
                    ),
                ),
            ],
            options={
                "db_table": "parties_practitioner",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NaturalPerson",
            fields=[
                ("person_no", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("identity_hash", models.CharField(max_length=64, unique=True)),
                ("registered_at", models.DateTimeField()),
                (
                    "sealed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.sealedvalue"
                    ),
                ),
            ],
            options={
                "db_table": "parties_natural_person",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.TextField()),
                ("wording", models.CharField(max_length=32)),
                ("given_by", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "sealed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.sealedvalue"
                    ),
                ),
            ],
            options={
                "db_table": "parties_consent",
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_no", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("stated_by", models.CharField(max_length=64)),
                ("stated_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("bank_name", models.CharField(max_length=200)),
                ("holder_name", models.CharField(max_length=200)),
                ("tail", models.CharField(max_length=4)),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "sealed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.sealedvalue"
                    ),
                ),
            ],
            options={
                "db_table": "parties_bank_account",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_no", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("stated_by", models.CharField(max_length=64)),
                ("stated_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("code", models.CharField(max_length=32)),
                ("licence_no", models.CharField(blank=True, max_length=64)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
            ],
            options={
                "db_table": "parties_licence",
                "abstract": False,
                "indexes": [models.Index(fields=["dossier", "item_no", "-version"], name="licence_dossier")],
                "constraints": [models.UniqueConstraint(fields=("item_no", "version"), name="licence_version_once")],
            },
        ),
        migrations.CreateModel(
            name="PartyJoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_no", models.CharField(max_length=20)),
                ("reason", models.TextField()),
                ("joined_by", models.CharField(max_length=64)),
                ("joined_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=64)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
                    ),
                ),
            ],
            options={
                "db_table": "parties_join",
                "indexes": [models.Index(fields=["into"], name="join_into")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("from_no",),
                        name="joined_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_no", models.F("into")), _negated=True), name="joined_to_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("joined_at")), _connector="OR"
                        ),
                        name="join_runs_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_no", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("stated_by", models.CharField(max_length=64)),
                ("stated_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
            ],
            options={
                "db_table": "parties_profile",
                "abstract": False,
                "indexes": [models.Index(fields=["dossier", "item_no", "-version"], name="profile_dossier")],
                "constraints": [models.UniqueConstraint(fields=("item_no", "version"), name="profile_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_no", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("stated_by", models.CharField(max_length=64)),
                ("stated_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("code", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=200)),
                ("level", models.CharField(max_length=32)),
                ("certificate_no", models.CharField(max_length=64)),
                ("publisher", models.CharField(max_length=200)),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.dossier"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
            ],
            options={
                "db_table": "parties_qualification",
                "abstract": False,
                "indexes": [models.Index(fields=["dossier", "item_no", "-version"], name="qualification_dossier")],
                "constraints": [
                    models.UniqueConstraint(fields=("item_no", "version"), name="qualification_version_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(fields=("dossier", "role", "line"), name="registration_once"),
        ),
        migrations.AddConstraint(
            model_name="registrationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "returned"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_return_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="practitioner",
            index=models.Index(fields=["dossier", "item_no", "-version"], name="practitioner_dossier"),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(fields=("item_no", "version"), name="practitioner_version_once"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("withdrawn_at__gte", models.F("given_at")), _connector="OR"
                ),
                name="consent_runs_forward",
            ),
        ),
        migrations.AddIndex(
            model_name="bankaccount",
            index=models.Index(fields=["dossier", "item_no", "-version"], name="bankaccount_dossier"),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(fields=("item_no", "version"), name="bankaccount_version_once"),
        ),
    ]

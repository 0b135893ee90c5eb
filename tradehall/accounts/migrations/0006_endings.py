from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_certificates")]

    operations = [
        migrations.AddField(
            "signin", "certificate_sha256", models.CharField(blank=True, default="", max_length=64), False
        ),
        migrations.AddField("tokenfamily", "consented_at", models.DateTimeField(null=True)),
    ]

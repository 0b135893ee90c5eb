"""Organisations by their unified social credit code, names without a code, and what authorities said about them.

An organisation is never created from a name: a name without a code is a Mention and stays one.
"""

from django.db import models
from django.db.models import F, Q


class Organisation(models.Model):
    """The newest words about one code; every earlier wording stays in OrganisationVersion."""

    uscc = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=200)
    district = models.CharField(max_length=6, null=True)
    roles = models.JSONField(default=list)
    is_reported = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "parties_organisation"

    def __str__(self) -> str:
        return self.name


class OrganisationVersion(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    name = models.CharField(max_length=200)
    district = models.CharField(max_length=6, null=True)
    roles = models.JSONField(default=list)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "parties_organisation_version"
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="organisation_version_once")]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class Mention(models.Model):
    """A name somebody stated without a code; its number is derived from the name alone."""

    mention_no = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=200)
    first_at = models.DateTimeField()

    class Meta:
        db_table = "parties_mention"

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """What one authority published about one party; never edited, its end is derived from dates."""

    standing_no = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=16)
    uscc = models.CharField(max_length=18, null=True)
    party_name = models.CharField(max_length=200)
    title = models.TextField()
    publisher = models.CharField(max_length=200)
    basis = models.TextField(blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    published_on = models.DateField()
    line = models.CharField(max_length=16, null=True)
    source_system = models.CharField(max_length=64)
    source_id = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "parties_standing"
        indexes = [models.Index(fields=["uscc"]), models.Index(fields=["kind", "-published_on"])]
        constraints = [
            models.UniqueConstraint(fields=["source_system", "source_id"], name="standing_source_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="standing_period_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StandingRevocation(models.Model):
    """The act that ended a standing early; a record of its own, so the first one stays as it was."""

    standing = models.OneToOneField(Standing, on_delete=models.PROTECT, related_name="+", primary_key=True)
    revoked_at = models.DateTimeField()
    publisher = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        db_table = "parties_standing_revocation"

    def __str__(self) -> str:
        return self.reason

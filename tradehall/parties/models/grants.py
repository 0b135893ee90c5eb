"""Who may be what for whom: proposed by one person, decided by another, ended by a record of its own.

All four tables only grow. Not for what an agency may do for a client: mandates say that.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class GrantProposal(models.Model):
    """What somebody asks to be granted. Proposer null: the command line of a house with no administrators yet."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    organisation_uscc = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    lines = models.JSONField(default=list)
    districts = models.JSONField(default=list)
    lot_no = models.CharField(max_length=32, null=True)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    proposer_uscc = models.CharField(max_length=18, blank=True)
    proposed_at = models.DateTimeField()

    class Meta:
        db_table = "parties_grant_proposal"
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(role="administrator"), name="proposal_has_a_proposer"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | ~Q(proposed_by=F("account")), name="proposal_for_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_name}"


class Grant(models.Model):
    """A role held for an organisation, from a day until a day; two other people stand behind it."""

    proposal = models.OneToOneField(GrantProposal, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    organisation_uscc = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    lines = models.JSONField(default=list)
    districts = models.JSONField(default=list)
    lot_no = models.CharField(max_length=32, null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "parties_grant"
        indexes = [models.Index(fields=["organisation_uscc"], name="grant_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="grant_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True, approved_by__isnull=True, role="administrator")
                | (
                    Q(granted_by__isnull=False, approved_by__isnull=False)
                    & ~Q(granted_by=F("approved_by"))
                    & ~Q(granted_by=F("account"))
                    & ~Q(approved_by=F("account"))
                ),
                name="grant_has_two_other_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_name}"


class GrantRefusal(models.Model):
    """The approver said no, and why."""

    proposal = models.OneToOneField(GrantProposal, on_delete=models.PROTECT, related_name="+", primary_key=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    refused_at = models.DateTimeField()

    class Meta:
        db_table = "parties_grant_refusal"

    def __str__(self) -> str:
        return self.reason


class GrantEnding(models.Model):
    """The act that ended a grant early; the grant stays as it was."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+", primary_key=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "parties_grant_ending"

    def __str__(self) -> str:
        return self.reason

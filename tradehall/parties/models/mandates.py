"""What an agency may do for a principal: the lines or projects, from a day to a day, and the signed paper behind it.

Both tables only grow. A mandate makes nobody an agency: the role is granted apart.
"""

from django.db import models
from django.db.models import F, Q

from tradehall.parties.models.organisations import Organisation


class Mandate(models.Model):
    """Given by the principal; both days count. Empty `lines` with `projects` named: those projects only."""

    mandate_no = models.CharField(max_length=16, primary_key=True)
    principal = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    lines = models.JSONField(default=list)
    projects = models.JSONField(default=list)
    from_on = models.DateField()
    until_on = models.DateField()
    document_sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "parties_mandate"
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("agency")), name="mandate_to_another"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="mandate_period_runs_forward"),
            models.CheckConstraint(condition=~Q(lines=[], projects=[]), name="mandate_says_what_for"),
            models.CheckConstraint(condition=Q(document_sha256__regex="^[0-9a-f]{64}$"), name="mandate_has_a_paper"),
        ]

    def __str__(self) -> str:
        return self.mandate_no


class MandateEnding(models.Model):
    """Taken back by the principal or laid down by the agency before its last day."""

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="+", primary_key=True)
    reason = models.TextField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "parties_mandate_ending"

    def __str__(self) -> str:
        return self.reason

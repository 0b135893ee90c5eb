"""One party under two numbers: a mention joined to a proved code, or two codes that are one organisation.

Nothing is rewritten by a join: the old number keeps its records and points to the other one until the join is ended.
"""

from django.db import models
from django.db.models import F, Q

from tradehall.parties.models.organisations import Organisation


class PartyJoin(models.Model):
    """`from_no` is a mention's number or a code; an ended join stays as the trace."""

    from_no = models.CharField(max_length=20)
    into = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    joined_by = models.CharField(max_length=64)
    joined_at = models.DateTimeField()
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        db_table = "parties_join"
        indexes = [models.Index(fields=["into"], name="join_into")]
        constraints = [
            models.UniqueConstraint(
                fields=["from_no"], condition=Q(ended_at__isnull=True), name="joined_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(from_no=F("into")), name="joined_to_another"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("joined_at")), name="join_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_no} → {self.into_id}"

"""Plans, version by version. Only grows: a revision is a new row, the newest one counts."""

from django.db import models
from django.db.models import Q


class Plan(models.Model):
    """`publisher` is the body acted for, None for the platform; `expected_on` is a month or a day, as stated."""

    plan_no = models.CharField(max_length=15)
    version = models.IntegerField()
    principal_name = models.CharField(max_length=200)
    principal_uscc = models.CharField(max_length=18, null=True)
    line = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    estimate_cents = models.BigIntegerField(null=True)
    expected_on = models.CharField(max_length=10)
    district = models.CharField(max_length=6)
    funds = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, null=True)
    reason = models.CharField(max_length=500, null=True)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "planning_plan"
        constraints = [
            models.UniqueConstraint(fields=["plan_no", "version"], name="plan_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="plan_version_counts_from_one"),
            models.CheckConstraint(condition=Q(estimate_cents__gt=0), name="plan_estimate_is_positive"),
            models.CheckConstraint(
                condition=Q(version=1, reason__isnull=True) | Q(version__gt=1, reason__isnull=False),
                name="plan_revision_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["line", "expected_on"], name="plan_by_line_and_time")]

    def __str__(self) -> str:
        return f"{self.plan_no}@{self.version}"

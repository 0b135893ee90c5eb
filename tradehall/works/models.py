"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class WorksLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    approval_no = models.CharField(max_length=100)
    approval_authority = models.CharField(max_length=200)
    approved_on = models.DateField()
    funds = models.CharField(max_length=300)
    public_share = models.CharField(max_length=20, null=True)
    specification = models.TextField()
    estimate_cents = models.BigIntegerField()
    investment_code = models.CharField(max_length=30, null=True)
    invitation_approval_no = models.CharField(max_length=100, null=True)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "works_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="works_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="works_lot_version_from_one"),
            models.CheckConstraint(condition=Q(estimate_cents__gt=0), name="works_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class AssetLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    asset = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    approval_no = models.CharField(max_length=100)
    approval_authority = models.CharField(max_length=200)
    approved_on = models.DateField()
    valuation_cents = models.BigIntegerField()
    valuer = models.CharField(max_length=200)
    valued_on = models.DateField()
    filing_no = models.CharField(max_length=100)
    share = models.CharField(max_length=20, null=True)
    priority_holders = models.TextField(null=True)
    staff_settlement = models.TextField(null=True)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "property_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="property_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="property_lot_version_from_one"),
            models.CheckConstraint(condition=Q(valuation_cents__gt=0), name="property_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

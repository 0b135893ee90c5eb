"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class PurchaseLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    budget_cents = models.BigIntegerField()
    budget_year = models.IntegerField()
    catalogue_code = models.CharField(max_length=9)
    catalogue_name = models.CharField(max_length=200)
    specification = models.TextField()
    sme_policy = models.CharField(max_length=20)
    sme_reason = models.CharField(max_length=300, null=True)
    allows_imports = models.BooleanField()
    method_approval_no = models.CharField(max_length=100, null=True)
    method_approved_on = models.DateField(null=True)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "procurement_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="procurement_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="procurement_lot_version_from_one"),
            models.CheckConstraint(condition=Q(budget_cents__gt=0), name="procurement_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class AllowanceLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    scheme_no = models.CharField(max_length=100)
    authority = models.CharField(max_length=200)
    decided_on = models.DateField()
    year = models.IntegerField()
    quantity = models.CharField(max_length=40)
    floor_cents = models.BigIntegerField()
    eligible_emitters = models.TextField()
    most_per_bidder = models.CharField(max_length=40)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "carbon_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="carbon_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="carbon_lot_version_from_one"),
            models.CheckConstraint(condition=Q(floor_cents__gt=0), name="carbon_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class QuotaLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    quota = models.CharField(max_length=12)
    scheme_no = models.CharField(max_length=100)
    authority = models.CharField(max_length=200)
    decided_on = models.DateField()
    quantity = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    floor_cents = models.BigIntegerField()
    eligible_emitters = models.TextField()
    most_per_bidder = models.CharField(max_length=40, null=True)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "others_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="others_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="others_lot_version_from_one"),
            models.CheckConstraint(condition=Q(floor_cents__gt=0), name="others_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

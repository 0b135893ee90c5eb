"""What was stated about the lots of this line, version by version; only grows, the newest counts."""

from django.db import models
from django.db.models import Q


class LandLot(models.Model):
    lot = models.ForeignKey("tenders.Lot", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    right = models.CharField(max_length=10)
    parcel_no = models.CharField(max_length=100)
    location = models.CharField(max_length=300)
    area_m2 = models.CharField(max_length=40)
    use = models.CharField(max_length=100)
    term_years = models.IntegerField()
    plan_no = models.CharField(max_length=100)
    conditions_no = models.CharField(max_length=100)
    conditions = models.TextField()
    conditions_authority = models.CharField(max_length=200)
    conditions_on = models.DateField()
    appraisal_cents = models.BigIntegerField()
    appraiser = models.CharField(max_length=200)
    appraised_on = models.DateField()
    reserve_decision_no = models.CharField(max_length=100)
    document_sha256 = models.CharField(max_length=64, null=True)
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "land_lot"
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="land_lot_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="land_lot_version_from_one"),
            models.CheckConstraint(condition=Q(appraisal_cents__gt=0), name="land_lot_money_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.version}"

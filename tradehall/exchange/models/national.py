"""What is on its way to the national platform, how far we have read, and how the daily comparison came out."""

from django.db import models

from tradehall.exchange.models.inbound import InboundRecord


class NationalMessage(models.Model):
    """One version of one record. `body` is what its digest is about; it never changes, however often it is sent.

    Waiting until `acknowledged_at`, `refused_at` (for good: the dead-letter desk) or `replaced_at` (a later version of
    a refused record was taken instead). `project` is what order is kept in: rows of one project go one after the other.
    """

    message_no = models.CharField(max_length=16, unique=True)
    position = models.BigIntegerField()
    project = models.CharField(max_length=300)
    line = models.CharField(max_length=16)
    data_set = models.CharField(max_length=64)
    data_key = models.CharField(max_length=36)
    version = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    is_deletion = models.BooleanField()
    stated_at = models.DateTimeField()
    stated_on = models.DateField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    problem = models.CharField(max_length=300)
    errors = models.JSONField(default=list)
    resends = models.IntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_national_message"
        constraints = [models.UniqueConstraint(fields=["data_key", "version"], name="national_message_once")]
        indexes = [
            models.Index(
                fields=["project", "id"], name="national_message_in_order",
                condition=models.Q(acknowledged_at__isnull=True, replaced_at__isnull=True),
            ),
            models.Index(
                fields=["id"], name="national_message_waiting",
                condition=models.Q(acknowledged_at__isnull=True, replaced_at__isnull=True, refused_at__isnull=True),
            ),
            models.Index(fields=["stated_on", "data_set"], name="national_message_of_day"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.message_no


class NationalOmission(models.Model):
    """One version of one record that did not go out, and the word for why: nothing is dropped without a row here.

    `kind`: the data set, or the notice kind for which there is none. `ended_at`: it, or a later version, went out.
    """

    position = models.BigIntegerField()
    line = models.CharField(max_length=16)
    kind = models.CharField(max_length=64)
    reason = models.CharField(max_length=16)
    data_key = models.CharField(max_length=36)
    version = models.CharField(max_length=64)
    lot = models.CharField(max_length=40)
    record = models.ForeignKey(InboundRecord, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_national_omission"
        constraints = [models.UniqueConstraint(fields=["data_key", "version"], name="national_omission_once")]
        indexes = [
            models.Index(fields=["lot"], name="national_omission_of_lot", condition=models.Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.data_key}"


class NationalPosition(models.Model):
    """`name`: the journal (outbound), or one of the national platform's inbound series."""

    name = models.CharField(max_length=32, unique=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "exchange_national_position"

    def __str__(self) -> str:
        return f"{self.name}@{self.position}"


class NationalComparison(models.Model):
    """One day and data set, as both sides count it. Digests are over the sorted keys, versions and digests of records.

    `findings` are [word, data key, version]: `missing` there and sent again, `foreign` there and not known here.
    """

    stated_on = models.DateField()
    data_set = models.CharField(max_length=64)
    own_records = models.IntegerField()
    own_digest = models.CharField(max_length=64)
    their_records = models.IntegerField()
    their_digest = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    compared_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_national_comparison"
        constraints = [models.UniqueConstraint(fields=["stated_on", "data_set"], name="national_comparison_once")]

    def __str__(self) -> str:
        return f"{self.data_set}@{self.stated_on}"

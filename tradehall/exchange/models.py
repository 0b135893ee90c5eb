"""What connected systems sent, as understood, and the answers they were given under an idempotency key.

A record is never changed or deleted: a modification or a deletion is a record of its own.
"""

from django.db import models


class InboundRecord(models.Model):
    """`clean` holds clean names and values; `subject_*` the record of the platform it led to (none: it is only kept)."""

    system = models.CharField(max_length=64)
    data_set = models.CharField(max_length=64)
    data_key = models.CharField(max_length=200)
    data_type = models.SmallIntegerField()
    digest = models.CharField(max_length=64)
    clean = models.JSONField()
    subject_kind = models.CharField(max_length=16)
    subject_no = models.CharField(max_length=64)
    subject_version = models.IntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_inbound_record"
        constraints = [
            models.UniqueConstraint(fields=["system", "data_key", "digest"], name="inbound_record_once"),
            models.CheckConstraint(condition=models.Q(data_type__in=(1, 2, 3)), name="inbound_record_data_type"),
        ]

    def __str__(self) -> str:
        return f"{self.system}/{self.data_key}"


class IdempotencyKey(models.Model):
    """`is_final` once the answer went out; until then whoever repeats the key waits for it."""

    system = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    answer = models.TextField()
    is_final = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_idempotency_key"
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.system}/{self.key}"

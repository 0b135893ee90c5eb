"""The log's tables. Everything but the sealer's own state and queue only grows.

Refuses to be written through the ORM: `services` and `sealer` write, in single statements whose order matters.
"""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One act, as recorded. Its id says when it was recorded, not where it stands: that is `Seal.position`."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    subject_kind = models.TextField()
    subject_no = models.TextField()
    subject_version = models.IntegerField(null=True)
    at = models.DateTimeField()
    body = models.TextField()
    leaf = models.BinaryField()
    recorded_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )

    class Meta:
        db_table = "journal_entry"
        indexes = [models.Index(fields=["subject_kind", "subject_no", "id"], name="journal_entry_subject")]


class Seal(models.Model):
    """The place of an entry in the log: 0, 1, 2 … without gaps."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    leaf = models.BinaryField()
    sealed_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )

    class Meta:
        db_table = "journal_seal"


class LogNode(models.Model):
    """The hash of a complete subtree of level 1 and up; level 0 is `Seal.leaf`."""

    pk = models.CompositePrimaryKey("level", "idx")
    level = models.SmallIntegerField()
    idx = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "log_node"


class Checkpoint(models.Model):
    """A signed tree head (C2SP note)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )

    class Meta:
        db_table = "log_checkpoint"


class SealerState(models.Model):
    """One row: how far the sealer came, and its last beat for sealed batches."""

    id = models.SmallIntegerField(primary_key=True)
    last_id = models.BigIntegerField()
    size = models.BigIntegerField()
    last_beat = models.BigIntegerField()
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "sealer_state"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="sealer_state_is_one_row")]


class SecretEntry(models.Model):
    """An act that must not show in the public tree singly; it goes there inside a sealed batch."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    subject_kind = models.TextField()
    subject_no = models.TextField()
    subject_version = models.IntegerField(null=True)
    at = models.DateTimeField()
    secret_until = models.DateTimeField(null=True)
    body = models.TextField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "journal_secret"
        indexes = [models.Index(fields=["subject_kind", "subject_no", "id"], name="journal_secret_subject")]


class SecretQueue(models.Model):
    """Secret entries that wait for a beat; rows leave when their batch is written."""

    secret = models.OneToOneField(SecretEntry, on_delete=models.PROTECT, related_name="+", primary_key=True)

    class Meta:
        db_table = "journal_secret_queue"


class Batch(models.Model):
    """Sixty-four leaves written at a beat, whether or not anything happened; `entry` carries its root."""

    no = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    leaves = models.BinaryField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "journal_batch"


class BatchPlace(models.Model):
    """Where in which batch a secret entry lies. Not public while the secret is."""

    secret = models.OneToOneField(SecretEntry, on_delete=models.PROTECT, related_name="+", primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    slot = models.SmallIntegerField()

    class Meta:
        db_table = "journal_batch_place"
        constraints = [models.UniqueConstraint(fields=["batch", "slot"], name="journal_batch_place_once")]


class Receipt(models.Model):
    """A random number under which somebody finds his entry again."""

    receipt_no = models.TextField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", null=True)
    secret = models.ForeignKey(SecretEntry, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "journal_receipt"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(entry__isnull=True) ^ models.Q(secret__isnull=True), name="journal_receipt_of_one"
            )
        ]

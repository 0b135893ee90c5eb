"""What connected systems sent, as understood, and the answers they were given under an idempotency key.

A record is never changed or deleted: a modification or a deletion is a record of its own.
"""

from django.db import models


class InboundRecord(models.Model):
    """`clean` holds clean names and values, identity and bank numbers sealed; `subject_*` the record it led to.

    `findings` are [rule, wire field] pairs, `claimed_at` is when the sender says it happened: what its quality is judged by.
    """

    system = models.CharField(max_length=64)
    data_set = models.CharField(max_length=64)
    data_key = models.CharField(max_length=200)
    data_type = models.SmallIntegerField()
    digest = models.CharField(max_length=64)
    clean = models.JSONField()
    subject_kind = models.CharField(max_length=16)
    subject_no = models.CharField(max_length=64)
    subject_version = models.IntegerField(null=True)
    findings = models.JSONField(default=list)
    claimed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_inbound_record"
        constraints = [
            models.UniqueConstraint(fields=["system", "data_key", "digest"], name="inbound_record_once"),
            models.CheckConstraint(condition=models.Q(data_type__in=(1, 2, 3)), name="inbound_record_data_type"),
        ]
        indexes = [models.Index(fields=["system", "data_set", "id"], name="inbound_record_of_set")]

    def __str__(self) -> str:
        return f"{self.system}/{self.data_key}"


class IdempotencyKey(models.Model):
    """`is_final` once there is an answer; until then whoever repeats the key goes on where the message stands.

    `created_at`: when it came, or was taken up again; what is swept is counted from it.
    """

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


class SliceReceipt(models.Model):
    """What the records of one slice of a message will be told; `number`: how many are dealt with when it is done.

    Gone as soon as the whole message has its answer.
    """

    key = models.ForeignKey(IdempotencyKey, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    answer = models.TextField()

    class Meta:
        db_table = "exchange_slice_receipt"
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="slice_receipt_once")]

    def __str__(self) -> str:
        return f"{self.key_id}/{self.number}"


class RefusedRecord(models.Model):
    """What was not taken in and why; the same bytes sent again are counted, not kept twice.

    `clean` shows the fields as sent, masked; `sealed_body` is the whole record, encrypted, so that it can be judged again.
    """

    refusal_no = models.CharField(max_length=16, unique=True)
    system = models.CharField(max_length=64)
    line = models.CharField(max_length=16)
    data_set = models.CharField(max_length=64)
    data_key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    clean = models.JSONField()
    errors = models.JSONField()
    sealed_body = models.TextField()
    times = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_refused_record"
        constraints = [
            models.UniqueConstraint(fields=["system", "data_key", "body_digest"], name="refused_record_once")
        ]
        indexes = [models.Index(fields=["-last_at"], name="refused_record_newest")]

    def __str__(self) -> str:
        return self.refusal_no


class ProcessEvent(models.Model):
    """One act in a trade that runs in a connected system, as it says; while `secret_until` is ahead nobody else sees it.

    A secret event without an end of its secrecy stays secret. `link` leads to the session as the system shows it, read-only
    and signed by the system; it is never followed from here.
    """

    event_no = models.CharField(max_length=24, unique=True)
    record = models.OneToOneField(InboundRecord, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=64)
    line = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    role = models.CharField(max_length=32)
    project_code = models.CharField(max_length=200)
    lot_code = models.CharField(max_length=200)
    unified_code = models.CharField(max_length=40)
    district = models.CharField(max_length=6)
    from_state = models.CharField(max_length=64)
    to_state = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    link = models.CharField(max_length=1000)
    link_until = models.DateTimeField(null=True)
    is_secret = models.BooleanField()
    secret_until = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_process_event"
        indexes = [
            models.Index(fields=["system", "project_code", "happened_at"], name="process_event_of_project"),
            models.Index(fields=["-happened_at"], name="process_event_newest"),
        ]

    def __str__(self) -> str:
        return self.event_no


class QualityCount(models.Model):
    """Records of one system in one hour, counted as they came in; can be counted again from the records themselves."""

    system = models.CharField(max_length=64)
    line = models.CharField(max_length=16)
    is_public = models.BooleanField()
    hour_at = models.DateTimeField()
    accepted = models.IntegerField(default=0)
    complete = models.IntegerField(default=0)
    timely = models.IntegerField(default=0)
    valid = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    resent = models.IntegerField(default=0)

    class Meta:
        db_table = "exchange_quality_count"
        constraints = [
            models.UniqueConstraint(fields=["hour_at", "system", "line", "is_public"], name="quality_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.system}@{self.hour_at:%Y%m%d%H}"


class SystemAllowance(models.Model):
    """A token bucket: how many records a system may still send at once. Below zero it has to wait."""

    system = models.CharField(max_length=64, unique=True)
    records = models.FloatField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_system_allowance"

    def __str__(self) -> str:
        return self.system


class Webhook(models.Model):
    """A subscription of one system: everything up to `position` has arrived there, in order.

    `sending_position` is the end of the message being delivered: its content no longer changes, however often it is
    sent. Secrets are sealed; `old_secret` still signs until `old_until`. `resends` is part of every message's id.
    """

    webhook_no = models.CharField(max_length=16, unique=True)
    system = models.CharField(max_length=64)
    url = models.CharField(max_length=1000)
    line = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    secret = models.TextField()
    old_secret = models.TextField()
    old_until = models.DateTimeField(null=True)
    position = models.BigIntegerField()
    sending_position = models.BigIntegerField(null=True)
    resends = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    failing_from = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_webhook"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "url"], condition=models.Q(ended_at__isnull=True), name="webhook_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.webhook_no


class WebhookKey(models.Model):
    """The platform's Ed25519 key under `v1a`; the seed is sealed. Until `until_at` an older key still signs as well."""

    public_key = models.CharField(max_length=64, unique=True)
    secret = models.TextField()
    created_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_webhook_key"

    def __str__(self) -> str:
        return self.public_key

"""Who is told of what and how it went: addresses, subscriptions, messages and the deliveries of mail.

Mail addresses are encrypted in the column and gone when their use ends. Nothing here says who may see a notice.
"""

from django.db import models
from django.db.models import Q

ONE_HOLDER = Q(account__isnull=False, contact__isnull=True) | Q(account__isnull=True, contact__isnull=False)


class Contact(models.Model):
    """A mail address, of an account or (without one) of anybody; it counts once its owner has confirmed it.

    When it ends, address and hash are blanked: the row stays only for the deliveries that name it.
    """

    contact_no = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    address_hash = models.CharField(max_length=64, blank=True)
    cipher = models.TextField(blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages_contact"
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash"], condition=Q(account__isnull=True, ended_at__isnull=True),
                name="contact_once_a_stranger",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="contact_once_an_account"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(address_hash="", cipher=""), name="contact_ended_is_blank"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["address_hash"], name="contact_by_hash")]

    def __str__(self) -> str:
        return self.contact_no


class Subscription(models.Model):
    """One thing followed by an account or by a contact. Only what the log holds after `from_position` is told."""

    subscription_no = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", null=True)
    subject_kind = models.CharField(max_length=16)
    subject_no = models.CharField(max_length=120)
    conditions = models.JSONField(default=dict)
    title = models.CharField(max_length=300)
    moments = models.JSONField(default=list)
    mail = models.CharField(max_length=8)
    from_position = models.BigIntegerField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages_subscription"
        constraints = [
            models.CheckConstraint(condition=ONE_HOLDER, name="subscription_has_one_holder"),
            models.UniqueConstraint(
                fields=["account", "subject_kind", "subject_no"], condition=Q(ended_at__isnull=True),
                name="subscription_once_an_account",
            ),
            models.UniqueConstraint(
                fields=["contact", "subject_kind", "subject_no"], condition=Q(ended_at__isnull=True),
                name="subscription_once_a_contact",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["subject_kind", "subject_no"], name="subscription_live",
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subscription_no


class Delivery(models.Model):
    """One mail and what became of it. It is composed when it is sent, always to the same text and Message-ID.

    `sent_at`: last handed to a mail server; `accepted_at`: that server took it over (its answer is kept);
    `refused_at`: a server will never take it; `bounced_at`: a later server sent it back; `abandoned_at`: given up.
    """

    delivery_no = models.CharField(max_length=20, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+", null=True)
    purpose = models.CharField(max_length=16)
    mail_id = models.CharField(max_length=120, unique=True)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages_delivery"
        indexes = [
            models.Index(
                fields=["next_at"], name="delivery_waiting",
                condition=Q(accepted_at__isnull=True, refused_at__isnull=True, abandoned_at__isnull=True),
            ),
            models.Index(fields=["contact", "queued_at"], name="delivery_of_contact"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.delivery_no


class Message(models.Model):
    """One thing told to one holder, read here by an account; `delivery` is the mail that carries it, if any does.

    `about` is the Ref it is about, `event_key` what happened: once for each subscription, whatever is killed.
    """

    message_no = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", null=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+", null=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+", null=True)
    about = models.CharField(max_length=160)
    event_key = models.CharField(max_length=160)
    title = models.TextField()
    body = models.TextField()
    href = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    digest_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messages_message"
        constraints = [
            models.CheckConstraint(condition=ONE_HOLDER, name="message_has_one_holder"),
            models.UniqueConstraint(
                fields=["subscription", "event_key"], condition=Q(subscription__isnull=False),
                name="message_once_a_subscription",
            ),
            models.UniqueConstraint(
                fields=["account", "event_key"], condition=Q(subscription__isnull=True), name="message_once_an_account"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["account", "-created_at"], name="message_inbox"),
            models.Index(
                fields=["account"], name="message_unread", condition=Q(read_at__isnull=True, account__isnull=False)
            ),
            models.Index(
                fields=["digest_at"], name="message_for_digest",
                condition=Q(digest_at__isnull=False, delivery__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.message_no


class SubscriptionRequest(models.Model):
    """That a form was sent from one network address (as a keyed hash, kept a day): what the limits count."""

    origin_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "messages_subscription_request"
        indexes = [models.Index(fields=["origin_hash", "asked_at"], name="subscription_request_of")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%dT%H:%M:%SZ}"

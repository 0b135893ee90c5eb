"""Certificates of people, the roots that vouch for them, and the challenges that are signed with them.

A binding is ended, never deleted; a challenge serves once. Private keys are never here.
"""

from django.db import models
from django.db.models import F, Q

from tradehall.accounts.models.people import Account


class TrustAnchor(models.Model):
    """A certificate authority the platform trusts, with the revocation lists held for it and its subordinates."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    pem = models.TextField()
    crl = models.BinaryField(default=bytes)
    crl_until = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_trust_anchor"

    def __str__(self) -> str:
        return self.name


class Certificate(models.Model):
    """A certificate a person may sign in with. What it says is kept as it was at binding."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    serial_no = models.CharField(max_length=64)
    uscc = models.CharField(max_length=18, blank=True)
    pem = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    bound_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_certificate"
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(ended_at__isnull=True), name="certificate_of_one"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="certificate_runs_forward"),
        ]

    def __str__(self) -> str:
        return self.name


class Challenge(models.Model):
    """Thirty-two random bytes (`value`, base64) that one browser session may sign once, for one site and one use."""

    value = models.CharField(max_length=44, unique=True)
    session_hash = models.CharField(max_length=64)
    site_url = models.CharField(max_length=255)
    use = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_challenge"
        indexes = [
            models.Index(fields=["session_hash", "use", "-id"], name="challenge_of_session"),
            models.Index(fields=["expires_at"], name="challenge_by_end"),
        ]

    def __str__(self) -> str:
        return self.value

"""People who sign in, what they may do for whom, and the systems that push records.

Not for organisations (parties own those): a grant names the organisation by code and words only.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q


class Account(AbstractBaseUser):
    """One person; `login` never changes hands."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "accounts_account"

    def __str__(self) -> str:
        return self.login


class Grant(models.Model):
    """A role held for an organisation, from a day until a day; two other people stand behind it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    organisation_uscc = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200)
    line = models.CharField(max_length=16, null=True)
    district = models.CharField(max_length=6, null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_grant"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="grant_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=(Q(granted_by__isnull=True) & Q(approved_by__isnull=True))
                | (~Q(granted_by=F("approved_by")) & ~Q(granted_by=F("account")) & ~Q(approved_by=F("account"))),
                name="grant_has_two_other_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_name}"


class TradingSystem(models.Model):
    """A connected trading system; only the hash of its token is kept."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    line = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_trading_system"

    def __str__(self) -> str:
        return self.code

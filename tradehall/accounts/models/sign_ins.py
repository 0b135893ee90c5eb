"""Who came in, when, by which ways, and who tried in vain. One row a browser session; never in the public log.

Passwords and codes are never kept, and what was typed as a login only as a keyed digest: people type passwords there.
"""

from django.db import models
from django.db.models import F, Q

from tradehall.accounts.models.people import Account


class SignIn(models.Model):
    """One browser session of one person. Only its end, its latest proof and whom it acts for ever change."""

    sid = models.CharField(max_length=43, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    session_hash = models.CharField(max_length=64, unique=True)
    signed_in_at = models.DateTimeField()
    proved_at = models.DateTimeField()  # when the person last proved who he is: OpenID's auth_time
    acr = models.CharField(max_length=64)
    amr = models.JSONField(default=list)
    certificate_sha256 = models.CharField(max_length=64, blank=True)  # it vouched for the person; unbound, it ends this
    organisation = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_sign_in"
        indexes = [models.Index(fields=["account", "-signed_in_at"], name="sign_in_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("signed_in_at")), name="sign_in_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.sid


class FailedSignIn(models.Model):
    """An attempt that did not come in. The lock-out counts these; they are only ever added."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    login_digest = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    tried_at = models.DateTimeField()
    kind = models.CharField(max_length=16)  # what was wrong: password, code, passkey, certificate

    class Meta:
        db_table = "accounts_failed_sign_in"
        indexes = [
            models.Index(fields=["login_digest", "-tried_at"], name="failed_by_login"),
            models.Index(fields=["address", "-tried_at"], name="failed_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}@{self.address}"

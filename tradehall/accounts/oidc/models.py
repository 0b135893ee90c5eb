"""What the provider keeps beside allauth's clients and live tokens: doors, families, spent tokens, logout attempts.

A live token is a row of allauth's; the moment it is used up or taken back, only its hash in `SpentToken` is left.
"""

from django.db import models


class ClientSystem(models.Model):
    """A connected system that lets people in through us; redirect addresses and secret lie in allauth's row."""

    client = models.OneToOneField("allauth_idp_oidc.Client", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    line = models.CharField(max_length=16, null=True)
    start_href = models.CharField(max_length=500)
    backchannel_href = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_client_system"

    def __str__(self) -> str:
        return self.name


class TokenFamily(models.Model):
    """One consent: who, in which system, for which organisation; every token descends from one and ends with it."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(ClientSystem, on_delete=models.PROTECT, related_name="+")
    sid = models.CharField(max_length=64, db_index=True)
    organisation_code = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    roles = models.JSONField()
    acr = models.CharField(max_length=64)
    amr = models.JSONField()
    authenticated_at = models.DateTimeField()
    created_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)  # by the platform's clock, which mandates and grants run by
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=32, blank=True)

    class Meta:
        db_table = "accounts_token_family"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, cause="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(cause="")),
                name="family_ends_for_a_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}@{self.system_id}"


class SpentToken(models.Model):
    """A code or refresh token that was used: whoever presents it again is a thief or was robbed."""

    hash = models.CharField(max_length=64, unique=True)
    family = models.ForeignKey(TokenFamily, on_delete=models.PROTECT, related_name="+")
    spent_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_spent_token"

    def __str__(self) -> str:
        return self.hash


class LogoutDelivery(models.Model):
    """One attempt to tell one system that a sign-in has ended; `status` is its answer, none when it gave none."""

    system = models.ForeignKey(ClientSystem, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    sid = models.CharField(max_length=64)
    token_id = models.CharField(max_length=64, unique=True)
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "accounts_logout_delivery"

    def __str__(self) -> str:
        return f"{self.sid}#{self.number}"

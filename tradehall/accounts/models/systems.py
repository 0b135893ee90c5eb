"""The systems that push records. Only hashes of their tokens are kept."""

from django.db import models


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

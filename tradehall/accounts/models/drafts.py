"""What somebody had typed into a form when his session ended or when he was asked who he is. Kept for him, for a while."""

from django.db import models

from tradehall.accounts.models.people import Account


class Draft(models.Model):
    """One per person and form; the fields are encrypted, the key is outside the database."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    form_href = models.CharField(max_length=300)
    secret = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_draft"
        constraints = [models.UniqueConstraint(fields=["account", "form_href"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return self.form_href

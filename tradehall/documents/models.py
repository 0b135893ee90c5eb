"""Which files the platform keeps. The bytes lie on disk under their SHA-256; this table says what they are.

Not an access list: the app that publishes or restricts a file decides who may open it.
"""

from django.db import models


class StoredFile(models.Model):
    """One content, kept once, however often and under whatever names it arrives."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "documents_file"
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="file_is_not_empty")]

    def __str__(self) -> str:
        return self.name

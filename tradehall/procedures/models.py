"""Definition versions: what was loaded, word for word. Only grows; an Attempt points here by id, version and digest."""

from django.db import models


class DefinitionVersion(models.Model):
    definition_id = models.TextField()
    version = models.TextField()
    digest = models.CharField(max_length=64)
    title = models.TextField()
    line = models.TextField()
    method = models.TextField()
    body = models.TextField()
    valid_from = models.DateField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "procedures_definition_version"
        constraints = [models.UniqueConstraint(fields=["definition_id", "version"], name="definition_version_once")]

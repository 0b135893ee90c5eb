"""What a party put on file, who examined it and with what outcome. What is stated only grows, version by version.

Identity and account numbers stand sealed in one table of their own (`SealedValue`): it alone can be sealed anew under
another key without touching history. No status column: what became of a registration is read from its steps.
"""

from django.db import models
from django.db.models import F, Q

NO = 20


class NaturalPerson(models.Model):
    """A person who trades in his own name; known by a keyed hash of the identity number."""

    person_no = models.CharField(max_length=NO, primary_key=True)
    identity_hash = models.CharField(max_length=64, unique=True)
    sealed = models.ForeignKey("parties.SealedValue", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "parties_natural_person"

    def __str__(self) -> str:
        return self.person_no


class SealedValue(models.Model):
    """An identity or account number, encrypted for this row and its owner; how long it is kept and on what basis."""

    value_no = models.CharField(max_length=NO, primary_key=True)
    kind = models.CharField(max_length=16)
    owner_no = models.CharField(max_length=NO)
    cipher = models.TextField()
    kept_until = models.DateField()
    basis = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "parties_sealed_value"

    def __str__(self) -> str:
        return self.value_no


class Dossier(models.Model):
    """Everything one party has on file. Until it is proved it belongs to the person who opened it, and to nobody else."""

    dossier_no = models.CharField(max_length=NO, primary_key=True)
    party_no = models.CharField(max_length=NO, db_index=True)
    is_natural = models.BooleanField(default=False)
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_dossier"
        constraints = [
            models.UniqueConstraint(fields=["party_no", "opened_by"], name="dossier_once_a_person"),
            models.UniqueConstraint(
                fields=["party_no"], condition=Q(proved_at__isnull=False), name="dossier_proved_once"
            ),
        ]

    def __str__(self) -> str:
        return self.dossier_no


class Stated(models.Model):
    """One version of one thing on file; `ended_at` in the newest version takes it off the file and keeps its history."""

    item_no = models.CharField(max_length=NO)
    version = models.IntegerField()
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    stated_by = models.CharField(max_length=64)
    stated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["item_no", "version"], name="%(class)s_version_once")]
        indexes = [models.Index(fields=["dossier", "item_no", "-version"], name="%(class)s_dossier")]

    def __str__(self) -> str:
        return f"{self.item_no}@{self.version}"


class Profile(Stated):
    """The organisation's or person's own particulars; the fields are those of `requirements.toml`."""

    details = models.JSONField(default=dict)

    class Meta(Stated.Meta):
        db_table = "parties_profile"


class Qualification(Stated):
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=32)
    certificate_no = models.CharField(max_length=64)
    publisher = models.CharField(max_length=200)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta(Stated.Meta):
        db_table = "parties_qualification"


class Licence(Stated):
    code = models.CharField(max_length=32)
    licence_no = models.CharField(max_length=64, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta(Stated.Meta):
        db_table = "parties_licence"


class Practitioner(Stated):
    """A person the organisation names, in one post, with the certificate that post asks for."""

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=32)
    certificate_no = models.CharField(max_length=64)
    until_on = models.DateField(null=True)
    identity_hash = models.CharField(max_length=64)
    sealed = models.ForeignKey(SealedValue, on_delete=models.PROTECT, related_name="+")

    class Meta(Stated.Meta):
        db_table = "parties_practitioner"


class BankAccount(Stated):
    """Only the last four digits stand in clear."""

    bank_name = models.CharField(max_length=200)
    holder_name = models.CharField(max_length=200)
    tail = models.CharField(max_length=4)
    sealed = models.ForeignKey(SealedValue, on_delete=models.PROTECT, related_name="+")

    class Meta(Stated.Meta):
        db_table = "parties_bank_account"


class Registration(models.Model):
    """A party asking to be known in one role in one line."""

    registration_no = models.CharField(max_length=NO, primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32)
    line = models.CharField(max_length=16)
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "parties_registration"
        constraints = [models.UniqueConstraint(fields=["dossier", "role", "line"], name="registration_once")]

    def __str__(self) -> str:
        return self.registration_no


class RegistrationStep(models.Model):
    """Submitted, accepted or returned; `details` keeps what was examined (item versions) and what differed."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    acted_by = models.CharField(max_length=64)
    acted_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "parties_registration_step"
        constraints = [
            models.CheckConstraint(condition=~Q(kind="returned") | ~Q(reason=""), name="a_return_has_a_reason")
        ]

    def __str__(self) -> str:
        return self.kind


class Comparison(models.Model):
    """What an authoritative source answered about a dossier, and the differences only; or why it did not answer."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    source_name = models.CharField(max_length=200)
    status = models.CharField(max_length=16)
    changes = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    compared_by = models.CharField(max_length=64)
    compared_at = models.DateTimeField()

    class Meta:
        db_table = "parties_comparison"

    def __str__(self) -> str:
        return self.status


class Consent(models.Model):
    """Who agreed to what, in which wording, when; withdrawing ends every reading of the number it covers."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    sealed = models.ForeignKey(SealedValue, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    wording = models.CharField(max_length=32)
    given_by = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_consent"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")), name="consent_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return self.purpose

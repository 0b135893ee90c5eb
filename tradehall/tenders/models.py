"""What is traded and everything that was announced about it, for native and reported trades alike.

No column holds a state or a remaining time: those are derived (`selectors`). Notices, terms, facts, endings, originals
and source digests are append-only; a correction is a new version. Every index costs each import: foreign keys have one only
where somebody reads that way, named below.
"""

from django.db import models
from django.db.models import F, Q

ORIGINS = ("native", "reported")
STANDING = Q(undone_at__isnull=True)
MATCH_KINDS = ("code", "exact_name", "first", "manual")
ENDINGS = ("成交", "流标", "废标", "终止", "无效")


def _together(first: str, second: str) -> Q:
    """Both fields are stated or neither is."""
    return Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )


class Project(models.Model):
    """Native projects are registered here; reported ones are a shell made by their first notice."""

    project_no = models.CharField(max_length=24, primary_key=True)
    title = models.TextField()
    code = models.CharField(max_length=200, null=True)
    line = models.CharField(max_length=16)
    district = models.CharField(max_length=6, null=True)
    origin = models.CharField(max_length=8)
    source_system = models.CharField(max_length=64, null=True)
    principal_name = models.TextField(null=True)
    principal_uscc = models.CharField(max_length=18, null=True)
    agency_name = models.TextField(null=True)
    agency_uscc = models.CharField(max_length=18, null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_project"
        indexes = [models.Index(fields=["code"], name="project_code")]
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="project_origin_known"),
            models.CheckConstraint(
                condition=Q(origin="native", source_system__isnull=True, principal_name__isnull=False)
                | Q(origin="reported", source_system__isnull=False),
                name="project_reported_has_system",
            ),
        ]

    def __str__(self) -> str:
        return self.project_no


class ProjectKey(models.Model):
    """Where a report that names its project by this code or name belongs; a join moves keys, nothing else does."""

    key = models.CharField(max_length=64, primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "tenders_project_key"
        indexes = [models.Index(fields=["project"], name="project_key_project")]

    def __str__(self) -> str:
        return self.key


class ProjectMatch(models.Model):
    """Why a reported notice stands in its project; undone by splitting, never deleted."""

    notice_no = models.CharField(max_length=24)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(null=True)

    class Meta:
        db_table = "tenders_project_match"
        indexes = [models.Index(fields=["project"], name="match_project")]
        constraints = [
            models.UniqueConstraint(fields=["notice_no"], condition=STANDING, name="match_one_standing"),
            models.CheckConstraint(condition=Q(kind__in=MATCH_KINDS), name="match_kind_known"),
            models.CheckConstraint(condition=_together("undone_at", "undone_reason"), name="match_undone_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_no}>{self.project_id}"


class Lot(models.Model):
    """标段/包/宗地/标的. Number 0 is the whole project, for reports that name no lot."""

    lot_no = models.CharField(max_length=32, primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    name = models.TextField()
    source_no = models.CharField(max_length=200, null=True)
    unified_code = models.CharField(max_length=40, null=True)

    class Meta:
        db_table = "tenders_lot"
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="lot_number_once"),
            models.CheckConstraint(condition=Q(number__gte=0, number__lte=99_999), name="lot_number_in_range"),
        ]
        indexes = [models.Index(fields=["unified_code"], name="lot_unified_code")]

    def __str__(self) -> str:
        return self.lot_no


class LotFact(models.Model):
    """A fact a line app states about a lot (approval, estimate, planning conditions); the newest per code counts."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=64)
    value = models.JSONField()
    document_sha256 = models.CharField(max_length=64, null=True)
    authority = models.CharField(max_length=200, blank=True)
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_lot_fact"
        indexes = [models.Index(fields=["lot", "code"], name="lot_fact_of_lot")]

    def __str__(self) -> str:
        return self.code


class Attempt(models.Model):
    """第几次. A native attempt pins its definition at the first notice; a reported one has none."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    origin = models.CharField(max_length=8)
    definition_id = models.CharField(max_length=100, null=True)
    definition_version = models.CharField(max_length=20, null=True)
    definition_digest = models.CharField(max_length=64, null=True)
    grade = models.CharField(max_length=100, null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_attempt"
        constraints = [
            models.UniqueConstraint(fields=["lot", "number"], name="attempt_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="attempt_counts_from_one"),
            models.CheckConstraint(
                condition=Q(
                    origin="native",
                    definition_id__isnull=False,
                    definition_version__isnull=False,
                    definition_digest__isnull=False,
                )
                | Q(
                    origin="reported",
                    definition_id__isnull=True,
                    definition_version__isnull=True,
                    definition_digest__isnull=True,
                ),
                name="attempt_native_is_pinned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}#{self.number}"


class Round(models.Model):
    """One pass of bids, openings and evaluations; a loop is a new round."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    kind = models.CharField(max_length=40)
    input_ref = models.CharField(max_length=100, null=True)
    admits = models.CharField(max_length=60)
    closes = models.CharField(max_length=16)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_round"
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="round_number_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.number}"


class Notice(models.Model):
    """One version of one notice. `rendition` is the published text whose digests stand beside it: canonical JSON."""

    id = models.BigAutoField(primary_key=True)
    notice_no = models.CharField(max_length=24)
    version = models.IntegerField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    attempt = models.IntegerField()
    kind = models.CharField(max_length=32)
    line = models.CharField(max_length=16)
    nature = models.CharField(max_length=16)
    origin = models.CharField(max_length=8)
    source_system = models.CharField(max_length=64)
    about = models.CharField(max_length=100, null=True)
    published_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    rendition = models.TextField()
    digest_sha256 = models.CharField(max_length=64)
    digest_sm3 = models.CharField(max_length=64)

    class Meta:
        db_table = "tenders_notice"
        indexes = [
            models.Index(fields=["project", "published_at"], name="notice_of_project"),
            models.Index(fields=["published_at"], name="notice_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice_no", "version"], name="notice_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="notice_version_from_one"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="notice_origin_known"),
            models.CheckConstraint(
                condition=Q(nature__in=("normal", "correction", "resend", "termination")), name="notice_nature_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_no}@{self.version}"


class NoticeLot(models.Model):
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "tenders_notice_lot"
        indexes = [models.Index(fields=["lot"], name="notice_lot_lot")]
        constraints = [models.UniqueConstraint(fields=["notice", "lot"], name="notice_names_lot_once")]

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.lot_id}"


class NoticeSource(models.Model):
    """Each content a source ever sent for a notice, by digest: what was seen before is unchanged."""

    system = models.CharField(max_length=64)
    source_id = models.CharField(max_length=300)
    source_digest = models.CharField(max_length=64)
    notice_no = models.CharField(max_length=24)
    version = models.IntegerField()
    enriches = models.BooleanField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_notice_source"
        # The notice number is derived from system and source id, so it stands for both.
        constraints = [models.UniqueConstraint(fields=["notice_no", "source_digest"], name="notice_source_digest_once")]

    def __str__(self) -> str:
        return f"{self.system}/{self.source_id}"


class Original(models.Model):
    """What a source sent, unmasked: restricted, read only through a journalled act."""

    notice_no = models.CharField(max_length=24)
    version = models.IntegerField()
    raw = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "tenders_original"
        indexes = [models.Index(fields=["notice_no"], name="original_notice")]

    def __str__(self) -> str:
        return f"{self.notice_no}@{self.version}"


class Term(models.Model):
    """An announced time with the rule that fixed it; the one set by the newest notice counts."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    value_at = models.DateTimeField()
    floor_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=16, null=True)
    inputs = models.JSONField(default=dict)
    waiver = models.TextField(null=True)
    set_by = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "tenders_term"
        indexes = [models.Index(fields=["code", "value_at"], name="term_by_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(floor_at__isnull=True) | Q(value_at__gte=F("floor_at")) | Q(waiver__isnull=False),
                name="term_not_before_floor",
            ),
            models.UniqueConstraint(fields=["attempt", "code", "set_by"], name="term_once_per_notice"),
        ]

    def __str__(self) -> str:
        return self.code


class Hold(models.Model):
    """Which acts stand still, since when, on what basis. `blocks` lists act codes; "*" is every act."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    ordered_by = models.CharField(max_length=100)
    basis = models.CharField(max_length=200)
    reason = models.TextField()
    blocks = models.JSONField()

    class Meta:
        db_table = "tenders_hold"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gt=F("from_at")), name="hold_runs_forward"
            ),
            models.UniqueConstraint(
                fields=["attempt", "basis"], condition=Q(released_at__isnull=True), name="hold_one_open_per_basis"
            ),
        ]

    def __str__(self) -> str:
        return self.basis


class Remedy(models.Model):
    """What an upheld objection or complaint makes a stage do again; open until it names the new record."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    basis = models.CharField(max_length=200)
    ordered_by = models.CharField(max_length=100)
    due_on = models.DateField(null=True)
    done_ref = models.CharField(max_length=100, null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tenders_remedy"
        constraints = [
            models.CheckConstraint(condition=_together("done_ref", "done_at"), name="remedy_done_names_record")
        ]

    def __str__(self) -> str:
        return self.kind


class Ending(models.Model):
    """How an attempt ended; once."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    cause = models.TextField()
    basis = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "tenders_ending"
        constraints = [models.CheckConstraint(condition=Q(kind__in=ENDINGS), name="ending_kind_known")]

    def __str__(self) -> str:
        return self.kind

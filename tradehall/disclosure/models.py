"""Projections of published notices: every row can be dropped and made again from the journal.

The searched texts live in `search_row` (partitioned, made by the second migration); nothing here is a legal record.
"""

from django.db import models


class FollowerPosition(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        db_table = "disclosure_follower_position"


class NoticeRow(models.Model):
    """One notice at its newest version, with what lists show of it."""

    notice_no = models.CharField(max_length=40, unique=True)
    version = models.IntegerField()
    position = models.BigIntegerField()
    project_no = models.CharField(max_length=40)
    project_title = models.TextField()
    project_code = models.TextField(null=True)
    attempt = models.IntegerField(default=1)
    title = models.TextField()
    title_key = models.TextField()
    kind = models.CharField(max_length=40)
    kind_label = models.CharField(max_length=40)
    nature = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    stage = models.CharField(max_length=20)
    district = models.IntegerField(null=True)
    district_name = models.TextField(null=True)
    method = models.CharField(max_length=40, null=True)
    principal = models.TextField(null=True)
    principal_no = models.CharField(max_length=20, null=True)
    published_at = models.DateTimeField()
    published_precision = models.CharField(max_length=10)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    moved_from = models.DateTimeField(null=True)
    review_until = models.DateTimeField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=8)
    source_system = models.TextField()
    source_name = models.TextField()
    is_reported = models.BooleanField()
    has_findings = models.BooleanField()
    is_counted = models.BooleanField(default=False)
    deal_cents = models.BigIntegerField(null=True)

    class Meta:
        db_table = "disclosure_notice_row"
        indexes = [
            models.Index("published_at", "id", name="notice_row_newest"),
            models.Index("line", "published_at", "id", name="notice_row_line"),
            models.Index("kind", "published_at", "id", name="notice_row_kind"),
            models.Index("district", "published_at", "id", name="notice_row_district"),
            models.Index("project_no", "published_at", name="notice_row_project"),
            models.Index("principal_no", "published_at", name="notice_row_principal"),
            models.Index("closes_at", name="notice_row_closing", condition=models.Q(closes_at__isnull=False)),
            models.Index("published_at", name="notice_row_counted", condition=models.Q(is_counted=True)),
            models.Index("line", "stage", "district", "kind", name="notice_row_facets"),
            models.Index(
                "district", "district_name", name="notice_row_place", condition=models.Q(district_name__isnull=False)
            ),
        ]


class ProjectRow(models.Model):
    """A project as its notices together show it."""

    project_no = models.CharField(max_length=40, unique=True)
    project_code = models.TextField(null=True)
    title = models.TextField()
    title_key = models.TextField()
    line = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    stage = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    district = models.IntegerField(null=True)
    district_name = models.TextField(null=True)
    method = models.CharField(max_length=40, null=True)
    principal = models.TextField(null=True)
    principal_no = models.CharField(max_length=20, null=True)
    attempts = models.IntegerField()
    notices = models.IntegerField()
    changes = models.IntegerField()
    first_at = models.DateTimeField()
    published_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    moved_from = models.DateTimeField(null=True)
    review_until = models.DateTimeField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    deal_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=8)
    source_name = models.TextField()

    class Meta:
        db_table = "disclosure_project_row"
        indexes = [
            models.Index("published_at", "id", name="project_row_newest"),
            models.Index("line", "published_at", "id", name="project_row_line"),
            models.Index("status", "published_at", "id", name="project_row_status"),
            models.Index("district", "published_at", "id", name="project_row_district"),
            models.Index("principal_no", "published_at", name="project_row_principal"),
            models.Index("closes_at", name="project_row_closing", condition=models.Q(closes_at__isnull=False)),
        ]


class RoleRow(models.Model):
    """An organisation named in a notice, in one role."""

    notice = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="+")
    project_no = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    name = models.TextField()
    uscc = models.CharField(max_length=18, null=True)
    mention_no = models.CharField(max_length=20)
    place = models.IntegerField(null=True)
    cents = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "disclosure_role_row"
        indexes = [
            models.Index("mention_no", "published_at", name="role_row_mention"),
            models.Index("uscc", "published_at", name="role_row_uscc", condition=models.Q(uscc__isnull=False)),
        ]


class OrganisationRow(models.Model):
    """A name under which an organisation appears, with the projects it has in each role."""

    mention_no = models.CharField(max_length=20, unique=True)
    name = models.TextField()
    name_key = models.TextField()
    uscc = models.CharField(max_length=18, null=True, db_index=True)
    projects = models.IntegerField()
    principal = models.IntegerField()
    agency = models.IntegerField()
    winner = models.IntegerField()
    candidate = models.IntegerField()
    bidder = models.IntegerField()
    supplier = models.IntegerField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "disclosure_organisation_row"
        indexes = [models.Index("projects", "id", name="organisation_row_projects")]


class DealRow(models.Model):
    """One priced result for one lot of one attempt; `is_counted` marks the newest of its slot."""

    notice = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="+")
    project_no = models.CharField(max_length=40, db_index=True)
    attempt = models.IntegerField()
    lot = models.TextField()
    cents = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()
    is_counted = models.BooleanField(default=False)

    class Meta:
        db_table = "disclosure_deal_row"


class EventRow(models.Model):
    """A dated event of the calendar: closing, opening, auction or the end of a review period."""

    notice = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="+")
    project_no = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=20)
    line = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    moved_from = models.DateTimeField(null=True)

    class Meta:
        db_table = "disclosure_event_row"


class NumberRow(models.Model):
    """A number that people type, and the address it stands for."""

    notice = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=120, db_index=True)
    href = models.TextField()

    class Meta:
        db_table = "disclosure_number_row"

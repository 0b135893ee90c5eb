"""What readers get: exact versions, newest notices of a project, derived states."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tradehall.kernel.refusal import NotVisible
from tradehall.tenders import selectors
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER, result_of

pytestmark = pytest.mark.django_db


def test_versions_are_returned_exactly_as_recorded() -> None:
    changed = replace(TENDER, source_digest="d" * 64, title="滨江路雨水泵站改造工程施工招标公告（更新）")
    _, receipt = record_notices([TENDER, changed], by=SYSTEM, at=AT)
    assert selectors.rendition(receipt.notice_no)["title"] == changed.title
    assert selectors.rendition(receipt.notice_no, 1)["title"] == TENDER.title
    both = selectors.renditions([(receipt.notice_no, 2), (receipt.notice_no, 1), ("N0", 1)])
    assert [one["version"] for one in both] == [2, 1]
    assert [one.version for one in selectors.versions(receipt.notice_no)] == [1, 2]


def test_an_unknown_number_is_not_visible() -> None:
    with pytest.raises(NotVisible):
        selectors.rendition("N20260101000001")


def test_a_project_shows_the_newest_version_of_each_notice() -> None:
    changed = replace(TENDER, source_digest="d" * 64, reason="时间更正")
    receipts = record_notices([TENDER, result_of(TENDER), changed], by=SYSTEM, at=AT)
    found = selectors.project_notices(receipts[0].project_no)
    assert [(one["kind"], one["version"]) for one in found] == [("tender_notice", 2), ("result", 1)]


def test_the_state_follows_the_clock_and_the_highest_fact() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    assert selectors.state(receipt.project_no, AT) == ("open", "报名投标中", True)
    assert selectors.state(receipt.project_no, AT + timedelta(days=30))[0] == "closed"
    record_notices([result_of(TENDER)], by=SYSTEM, at=AT)
    assert selectors.state(receipt.project_no, AT)[0] == "awarded"
    current = [step.code for step in selectors.chain(receipt.project_no, AT) if step.is_current]
    assert current == ["result"]


def test_the_owner_of_a_project_is_the_system_that_reported_it_first() -> None:
    record_notices([TENDER], by=SYSTEM, at=AT)
    other = replace(TENDER, system="other-system", source_id="77")
    assert selectors.project_owner(other) == "test-system"
    assert selectors.project_owner(replace(other, project=replace(other.project, code="X-9", name="别的工程"))) is None

"""Organisations by code, mentions by name, standings that leave by the clock; a name makes no organisation."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.identifiers import compute_uscc_check
from tradehall.kernel.names import mention_no
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.kernel.times import BEIJING
from tradehall.parties import selectors, services
from tradehall.parties.models import Mention, Organisation, OrganisationVersion, Standing

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
_BODY = "91310000MA1FL0000"
USCC = _BODY + compute_uscc_check(_BODY)
SYSTEM = Actor("system", "yunhe", "云河交易系统")
OWN = Actor("person", "p-1", "张三", organisation=USCC)
STANDING = {
    "kind": "penalty",
    "party_name": "云河第三建筑有限公司",
    "uscc": USCC,
    "title": "行政处罚决定书",
    "publisher": "云河市住房和城乡建设局",
    "published_on": date(2026, 9, 1),
    "source_system": "yunhe",
    "source_id": "CF-1",
    "until_on": date(2026, 9, 20),
}


def _entries() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select code, subject_no from journal_entry order by id")
        return list(cursor.fetchall())


def test_an_organisation_registers_itself_and_a_new_name_is_a_new_version() -> None:
    services.register_organisation(by=OWN, at=AT, uscc=USCC, name="云河三建有限公司", roles=["bidder"])
    services.register_organisation(by=PLATFORM, at=AT, uscc=USCC, name="云河第三建筑有限公司", roles=["bidder"])
    assert selectors.organisation(USCC).name == "云河第三建筑有限公司"
    assert [one.name for one in selectors.organisation_versions(USCC)] == ["云河三建有限公司", "云河第三建筑有限公司"]
    assert _entries() == [("parties.register_organisation", USCC)] * 2


def test_saying_the_same_again_changes_nothing() -> None:
    for _ in range(2):
        services.register_organisation(by=OWN, at=AT, uscc=USCC, name="云河三建有限公司", roles=["b", "a", "a"])
    assert OrganisationVersion.objects.count() == 1 and len(_entries()) == 1


def test_a_report_never_overrides_what_the_organisation_said_itself() -> None:
    services.report_organisation(by=SYSTEM, at=AT, uscc=USCC, name="三建")
    services.register_organisation(by=OWN, at=AT, uscc=USCC, name="云河第三建筑有限公司")
    services.report_organisation(by=SYSTEM, at=AT, uscc=USCC, name="别的名字")
    one = selectors.organisation(USCC)
    assert (one.name, one.is_reported, one.version) == ("云河第三建筑有限公司", False, 2)


@pytest.mark.parametrize("by", [SYSTEM, Actor("person", "p-2", "李四", organisation="91310000MA1FL1111X")])
def test_nobody_registers_another(by: Actor) -> None:
    with pytest.raises(Refusal, match="只有本单位或平台"):
        services.register_organisation(by=by, at=AT, uscc=USCC, name="冒名")
    assert not Organisation.objects.exists() and not _entries()


@pytest.mark.parametrize("uscc", ["", "91310000MA1FL00000", "名称", USCC + "0"])
def test_a_wrong_code_is_refused(uscc: str) -> None:
    with pytest.raises(Refusal):
        services.report_organisation(by=SYSTEM, at=AT, uscc=uscc, name="某公司")
    assert not Organisation.objects.exists()


def test_names_alone_are_mentions_and_the_first_spelling_stays() -> None:
    services.note_parties([("云河 三建", None), ("云河三建", None), ("三建", USCC), ("三建公司", USCC)], at=AT)
    services.note_parties([("云河　三建", None)], at=AT)
    assert selectors.mention(mention_no("云河三建")).name == "云河 三建"
    assert Mention.objects.count() == 1
    assert selectors.organisation(USCC).name == "三建" and selectors.organisation(USCC).is_reported


def test_a_standing_counts_to_the_end_of_its_last_day() -> None:
    one = services.report_standing(by=SYSTEM, at=AT, **STANDING)
    last = datetime(2026, 9, 20, 23, 59, tzinfo=BEIJING)
    assert [found.state for found in selectors.standings(at=last, uscc=USCC)] == ["current"]
    assert selectors.standings(at=last + timedelta(minutes=1), uscc=USCC) == []
    assert selectors.standing(one.standing_no, at=last + timedelta(minutes=1)).state == "expired"
    before = datetime(2026, 8, 31, 12, 0, tzinfo=BEIJING)
    assert selectors.standings(at=before, uscc=USCC, only_current=False) == []


def test_the_same_source_record_is_one_standing() -> None:
    numbers = {services.report_standing(by=SYSTEM, at=AT, **STANDING).standing_no for _ in range(2)}
    assert len(numbers) == 1 and Standing.objects.count() == 1
    assert [code for code, _ in _entries()] == ["parties.report_standing"]


def test_a_revoked_standing_leaves_the_list_and_stays_on_record() -> None:
    one = services.report_standing(by=SYSTEM, at=AT, **STANDING)
    for reason in ("复议撤销", "再次撤销"):
        revoked = services.revoke_standing(
            by=SYSTEM, at=AT + timedelta(hours=1), standing_no=one.standing_no, publisher="云河市政府", reason=reason
        )
        assert revoked.reason == "复议撤销"
    assert [found.state for found in selectors.standings(at=AT, uscc=USCC)] == ["current"]
    later = AT + timedelta(hours=2)
    assert selectors.standings(at=later, uscc=USCC) == []
    assert selectors.standing(one.standing_no, at=later).revocation.publisher == "云河市政府"
    assert [code for code, _ in _entries()] == ["parties.report_standing", "parties.revoke_standing"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"uscc": "91310000MA1FL00000"}, "uscc"),
        ({"from_on": date(2026, 9, 21)}, "until_on"),
    ],
)
def test_what_is_wrong_with_a_standing_is_named(change: dict, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        services.report_standing(by=SYSTEM, at=AT, **{**STANDING, **change})
    assert [one.field for one in caught.value.violations] == [field]
    assert not Standing.objects.exists()


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Refusal) as caught:
        services.report_standing(
            by=SYSTEM, at=AT, **{**STANDING, "kind": "x", "uscc": "1", "from_on": date(2027, 1, 1)}
        )
    assert len(caught.value.violations) == 3


def test_what_does_not_exist_is_not_visible() -> None:
    for ask in (selectors.organisation, selectors.mention):
        with pytest.raises(NotVisible):
            ask("n-0")
    with pytest.raises(NotVisible):
        selectors.standing("S0", at=AT)
    with pytest.raises(NotVisible):
        services.revoke_standing(by=SYSTEM, at=AT, standing_no="S0", publisher="某局", reason="无")


def test_the_journal_names_no_person() -> None:
    services.register_organisation(by=OWN, at=AT, uscc=USCC, name="云河三建有限公司")
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry")
        [(body,)] = cursor.fetchall()
    assert "张三" not in body and json.loads(body)["facts"]["version"] == 1

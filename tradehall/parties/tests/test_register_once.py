"""Registering: a role asks only what it needs, a second market only what is missing; drafts are their opener's alone.

Acts: open_registration, state_profile, state_licence, state_bank_account, submit_registration.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.parties import registration_rules as rules
from tradehall.parties import selectors, services
from tradehall.parties.models import Dossier, Licence, Organisation, Profile, Qualification
from tradehall.parties.services import Target
from tradehall.parties.tests import dossiers
from tradehall.parties.tests.dossiers import AT, CHEN, CLERK, IDENTITY, PROFILE, SUN, USCC, names, opened
from tradehall.reference.lines import lines

pytestmark = pytest.mark.django_db


def test_an_unknown_party_is_asked_everything_and_by_name() -> None:
    asked = names(selectors.missing_for(USCC, "bidder", "works", AT))
    assert asked == [
        "单位名称", "法定代表人或负责人", "注册地行政区划代码", "注册地址", "联系人", "联系电话", "单位性质",
        "营业执照或法人登记证书", "经办人授权委托书", "安全生产许可证",
        "建筑业企业资质 或 工程勘察资质 或 工程设计资质 或 工程监理资质",
        "注册建造师（项目负责人） 或 注册工程师", "用于收退保证金的银行账户",
    ]  # fmt: skip


def test_a_second_market_asks_only_what_is_missing() -> None:
    """B1."""
    dossiers.accepted()
    assert selectors.missing_for(USCC, "bidder", "works", AT) == ()
    assert names(selectors.missing_for(USCC, "bidder", "property", AT)) == []
    assert names(selectors.missing_for(USCC, "bidder", "procurement", AT)) == [
        "企业规模", "财务会计报告或资信证明", "依法缴纳税收的记录", "依法缴纳社会保障资金的记录",
        "参加采购活动前三年内无重大违法记录的声明",
    ]  # fmt: skip


def test_a_role_is_asked_only_for_what_it_needs() -> None:
    principal = rules.requirement("principal", "works")
    assert principal is not None
    assert (principal.accounts, principal.qualifications, principal.people) == (0, (), ())
    assert rules.requirement("expert", "works") is None
    with pytest.raises(NotVisible):
        selectors.missing_for(USCC, "expert", "works", AT)


@pytest.mark.parametrize("role", rules.ROLES)
def test_every_role_can_register_in_every_line(role: str) -> None:
    found = [rules.requirement(role, line.code) for line in lines()]
    assert len(found) > 3 and all(one is not None and one.basis for one in found)


def test_what_expired_is_asked_again_with_its_day() -> None:
    registration = opened()
    dossiers.fill(registration)
    found = selectors.missing_in(registration.dossier, "bidder", "works", AT + timedelta(days=366))
    assert [(one.label, one.reason) for one in found][0] == ("营业执照或法人登记证书", "已于 2027-09-18 到期")
    assert len(found) == 5


def test_submitting_names_everything_that_is_missing() -> None:
    registration = opened()
    with pytest.raises(Refusal) as caught:
        services.submit_registration(by=CHEN, at=AT, registration_no=registration.registration_no)
    assert len(caught.value.violations) == 12
    assert caught.value.violations[-1].message == "缺少用于收退保证金的银行账户（未登记）"
    assert dossiers.state(registration) == "draft"


def test_submitting_twice_is_refused_and_keeps_one_step() -> None:
    registration = dossiers.submitted()
    with pytest.raises(Refusal, match="正在审核"):
        services.submit_registration(by=CHEN, at=AT, registration_no=registration.registration_no)
    assert len(selectors.steps(registration)) == 1


def test_the_same_request_is_the_same_registration() -> None:
    assert opened() == opened()
    assert Dossier.objects.count() == 1 and Profile.objects.count() == 1


def test_two_claims_of_one_code_never_see_each_other() -> None:
    mine, theirs = opened(CHEN), opened(SUN)
    assert mine.dossier_id != theirs.dossier_id
    for act in (
        lambda: selectors.dossier_for(SUN, mine.dossier_id, at=AT),
        lambda: services.state_profile(by=SUN, at=AT, target=Target(mine.dossier_id), details=PROFILE),
        lambda: dossiers.licence(mine.dossier_id, "business_licence", SUN),
        lambda: services.submit_registration(by=SUN, at=AT, registration_no=mine.registration_no),
    ):
        with pytest.raises(NotVisible):
            act()
    assert not Organisation.objects.exists()


def test_a_proved_code_is_not_opened_by_strangers() -> None:
    dossiers.accepted()
    with pytest.raises(Refusal, match="已经登记"):
        opened(SUN, line="land")
    own = replace(SUN, organisation=USCC, roles=frozenset({"bidder"}))
    assert opened(own, line="land").dossier.proved_at is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "91310000MA1FL00000"}, "uscc"),
        ({"line": "fish"}, "line"),
        ({"role": "expert"}, "role"),
    ],
)
def test_what_cannot_be_registered_is_named(change: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        opened(**change)
    assert [one.field for one in caught.value.violations] == [field]


def test_systems_do_not_register_anybody() -> None:
    with pytest.raises(Refusal, match="登录的人员"):
        opened(Actor("system", "CZGC", "交易系统"))


def test_a_changed_field_is_a_new_version_and_an_equal_one_is_none() -> None:
    registration = opened()
    target = Target(registration.dossier_id)
    for address in ("云湖路 1 号", "云湖路 1 号", "云湖路 2 号"):
        services.state_profile(by=CHEN, at=AT, target=target, details={"address": address})
    versions = selectors.item_versions(registration.dossier, "profile", registration.dossier_id)
    assert [one.version for one in versions] == [3, 2, 1]
    assert [one.details.get("address") for one in versions] == ["云湖路 2 号", "云湖路 1 号", None]
    assert versions[0].details["name"] == PROFILE["name"]


def test_a_version_read_before_another_was_stated_is_stale() -> None:
    registration = opened()
    first = dossiers.qualification(registration.dossier_id)
    target = Target(registration.dossier_id, first.item_no, first.version)
    dossiers.qualification("", target=target, level="一级")
    with pytest.raises(Stale):
        dossiers.qualification("", target=target, level="三级")
    assert [one.level for one in Qualification.objects.order_by("version")] == ["二级", "一级"]


def test_a_document_is_stored_once_and_used_everywhere() -> None:
    registration = opened()
    first = dossiers.licence(registration.dossier_id, "business_licence")
    again = dossiers.licence(
        registration.dossier_id, "tax_record", evidence=services.Evidence(sha256=first.evidence_id)
    )
    assert again.evidence_id == first.evidence_id
    assert list(selectors.evidence_files(registration.dossier)) == [first.evidence_id]


def test_the_digest_of_somebody_elses_document_opens_nothing() -> None:
    theirs = dossiers.licence(opened(SUN).dossier_id, "business_licence", SUN)
    with pytest.raises(NotVisible):
        dossiers.licence(
            opened(CHEN).dossier_id, "business_licence", evidence=services.Evidence(sha256=theirs.evidence_id)
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "castle"}, "code"),
        ({"until_on": AT.date() - timedelta(days=1)}, "until_on"),
        ({"from_on": dossiers.NEXT_YEAR, "until_on": dossiers.NEXT_MONTH}, "until_on"),
        ({"evidence": services.NO_EVIDENCE}, "evidence"),
        ({"licence_no": "9" * 65}, "licence_no"),
    ],
)
def test_what_is_wrong_with_a_licence_is_named(change: dict[str, object], field: str) -> None:
    registration = opened()
    with pytest.raises(Refusal) as caught:
        dossiers.licence(registration.dossier_id, **{"code": "business_licence", **change})
    assert [one.field for one in caught.value.violations] == [field]
    assert not Licence.objects.exists()


def test_what_ends_soon_is_listed_soonest_first() -> None:
    registration = dossiers.accepted()
    dossiers.licence(registration.dossier_id, "tax_record", until_on=dossiers.NEXT_MONTH)
    found = selectors.expiring(AT, within_days=60)
    assert [(one.party_no, one.label, one.words) for one in found] == [
        (USCC, "依法缴纳税收的记录", "2026-10-18 到期，还剩 30 天")
    ]
    assert len(selectors.expiring(AT + timedelta(days=400), dossier=registration.dossier)) == 6


def test_a_natural_person_registers_where_the_line_admits_him() -> None:
    """Only in land and property, only as bidder; the number is never written in clear."""
    asked = {"identity": IDENTITY, "consent": dossiers.AGREED, "name": "林远", "role": "bidder"}
    registration = services.open_natural_registration(by=CHEN, at=AT, line="land", **asked)
    assert registration.dossier.party_no.startswith("NP")
    assert names(selectors.missing_in(registration.dossier, "bidder", "land", AT)) == [
        "联系电话", "注册地址", "身份证件", "用于收退保证金的银行账户",
    ]  # fmt: skip
    again = services.open_natural_registration(by=SUN, at=AT, line="property", **asked)
    assert again.dossier.party_no == registration.dossier.party_no and again.dossier_id != registration.dossier_id
    for line, words in (("works", "须为单位"), ("procurement", "须为单位")):
        with pytest.raises(Refusal, match=words):
            services.open_natural_registration(by=CHEN, at=AT, line=line, **asked)
    with pytest.raises(Refusal, match="须为单位"):
        services.open_natural_registration(by=CHEN, at=AT, line="land", **{**asked, "role": "principal"})


def test_end_item_takes_it_off_the_file_and_keeps_its_history() -> None:
    registration = opened()
    one = dossiers.qualification(registration.dossier_id)
    target = Target(registration.dossier_id, one.item_no)
    services.end_item(by=CHEN, at=AT, target=target, kind="qualification")
    assert selectors.on_file(registration.dossier).qualifications == ()
    assert len(selectors.item_versions(registration.dossier, "qualification", one.item_no)) == 2
    with pytest.raises(NotVisible):
        services.end_item(by=CHEN, at=AT, target=target, kind="qualification")
    with pytest.raises(NotVisible):
        services.end_item(by=CLERK, at=AT, target=target, kind="qualification")

"""The centre examines: compares with a registry office that may be slow, down or wrong, accepts or returns with a reason.

Acts: compare_registration, accept_registration, return_registration.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.peers.authority.running import Authority, running
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.parties import selectors, services
from tradehall.parties.models import Comparison, Registration
from tradehall.parties.services import Target
from tradehall.parties.tests import dossiers
from tradehall.parties.tests.dossiers import AT, CHEN, CLERK, PROFILE, SUN, USCC

pytestmark = pytest.mark.django_db
KNOWN = {key: PROFILE[key] for key in ("name", "legal_person", "district", "address")}
CERTIFICATE = {
    "kind": "construction", "level": "二级", "certificate_no": "D231000001", "until_on": "2027-09-18",
}  # fmt: skip
FACTS: dict[str, Any] = {**KNOWN, "qualifications": [CERTIFICATE]}


@pytest.fixture(scope="module")
def office() -> Iterator[Authority]:
    with running() as peer:
        yield peer


@pytest.fixture
def authority(office: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    monkeypatch.setenv("TRADEHALL_AUTHORITY_URL", office.url)
    office.told(facts={USCC: FACTS}, manner="plain")
    return office


def compare(registration: Registration, by: Actor = CLERK) -> Comparison:
    return services.compare_registration(by=by, at=AT, registration_no=registration.registration_no)


def accept(registration: Registration, by: Actor = CLERK, reason: str = "") -> None:
    services.accept_registration(by=by, at=AT, registration_no=registration.registration_no, reason=reason)


def test_equal_facts_show_nothing_and_are_accepted_without_words(authority: Authority) -> None:
    registration = dossiers.submitted()
    made = compare(registration)
    assert (made.status, made.changes, made.source_name) == ("alike", [], "市场主体登记库（演示）")
    accept(registration)
    assert dossiers.state(registration) == "accepted"
    one = selectors.organisation(USCC)
    assert (one.name, one.roles, one.is_reported) == (PROFILE["name"], ["bidder"], False)


def test_only_differences_are_shown(authority: Authority) -> None:
    """O2."""
    changed = {
        **FACTS,
        "legal_person": "赵立",
        "name": "云河第三建筑  有限公司",
        "qualifications": [{**CERTIFICATE, "level": "三级"}],
    }
    authority.told(facts={USCC: changed})
    made = compare(dossiers.submitted())
    assert made.status == "different"
    assert [(one["label"], one["old"], one["new"]) for one in made.changes] == [
        ("法定代表人或负责人", "陈立", "赵立"),
        ("建筑业企业资质 D231000001", "二级，有效期至 2027-09-18", "三级，有效期至 2027-09-18"),
    ]


def test_a_difference_is_accepted_only_with_a_reason(authority: Authority) -> None:
    authority.told(facts={USCC: {**FACTS, "qualifications": []}})
    registration = dossiers.submitted()
    assert compare(registration).changes[0]["new"] == "查无此证"
    with pytest.raises(Refusal, match="有差异"):
        accept(registration)
    accept(registration, reason="证书当日换发，已见原件")
    assert selectors.steps(registration)[-1].reason == "证书当日换发，已见原件"


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        ("down", "连接不上或中途断开"), ("erring", "HTTP 500"), ("garbled", "读不懂"), ("large", "过大"),
        ("another", "另一个主体"), ("redirecting", "HTTP 302"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_no_answer(authority: Authority, manner: str, words: str) -> None:
    authority.told(manner=manner)
    made = compare(dossiers.submitted())
    assert made.status == "silent" and words in made.reason and made.changes == []


@pytest.mark.parametrize("manner", ["slow", "dripping"])
def test_the_examiner_never_waits_long(authority: Authority, manner: str) -> None:
    authority.told(manner=manner)
    registration, began = dossiers.submitted(), time.monotonic()
    assert "3 秒内没有答复" in compare(registration).reason
    assert time.monotonic() - began < 5
    with pytest.raises(Refusal, match="未能比对"):
        accept(registration)


def test_silence_is_no_reason_to_let_anybody_in_unseen() -> None:
    registration = dossiers.submitted()
    assert compare(registration).reason == "没有配置权威来源"
    with pytest.raises(Refusal, match="未能比对"):
        accept(registration)
    accept(registration, reason="已核对营业执照原件")
    assert dossiers.state(registration) == "accepted"


def test_an_organisation_that_ended_is_not_accepted_with_any_words(authority: Authority) -> None:
    authority.told(facts={USCC: {**FACTS, "status": "ended"}})
    registration = dossiers.submitted()
    assert compare(registration).status == "ended"
    with pytest.raises(Refusal, match="注销或吊销"):
        accept(registration, reason="通过")


def test_what_changed_after_submission_is_not_accepted(authority: Authority) -> None:
    registration = dossiers.submitted()
    compare(registration)
    target = Target(registration.dossier_id)
    services.state_profile(by=CHEN, at=AT, target=target, details={"name": "另一个名字"})
    with pytest.raises(Refusal, match="提交之后资料有变动"):
        accept(registration)


def test_a_return_says_what_to_change_and_can_be_submitted_again() -> None:
    registration = dossiers.submitted()
    with pytest.raises(Refusal, match="退回的理由"):
        services.return_registration(by=CLERK, at=AT, registration_no=registration.registration_no, reason=" ")
    services.return_registration(by=CLERK, at=AT, registration_no=registration.registration_no, reason="执照模糊")
    found = selectors.registration(registration.registration_no)
    assert (found.state, found.label, found.reason) == ("returned", "已退回", "执照模糊")
    with pytest.raises(Stale):
        accept(registration, reason="通过")
    services.submit_registration(by=CHEN, at=AT, registration_no=registration.registration_no)
    assert [one.kind for one in selectors.steps(registration)] == ["submitted", "returned", "submitted"]


def test_only_the_centre_examines_and_nobody_his_own() -> None:
    registration = dossiers.submitted()
    for by in (CHEN, SUN, replace(SUN, roles=frozenset({"supervisor"}))):
        for act in (lambda by=by: accept(registration, by, "通过"), lambda by=by: compare(registration, by)):
            with pytest.raises(NotVisible):
                act()
    own = replace(CHEN, organisation="centre", roles=frozenset({"centre"}))
    with pytest.raises(Refusal, match="不能审核自己办理的登记"):
        accept(registration, own, "通过")


def test_the_second_claim_of_a_proved_code_is_not_accepted() -> None:
    first, second = dossiers.submitted(CHEN), dossiers.submitted(SUN)
    accept(first, reason="已核对原件")
    with pytest.raises(Refusal, match="已由他人证明"):
        accept(second, reason="已核对原件")
    assert selectors.proved_dossier(USCC) == first.dossier


def test_a_draft_is_not_shown_to_examiners() -> None:
    registration = dossiers.opened()
    with pytest.raises(NotVisible):
        selectors.dossier_to_examine(CLERK, registration.dossier_id)
    assert selectors.waiting_registrations(CLERK) == []
    dossiers.fill(registration)
    services.submit_registration(by=CHEN, at=AT, registration_no=registration.registration_no)
    assert [one.registration for one in selectors.waiting_registrations(CLERK)] == [registration]
    with pytest.raises(NotVisible):
        selectors.waiting_registrations(CHEN)


def test_a_changed_qualification_is_public_only_after_examination() -> None:
    registration = dossiers.accepted()
    old = selectors.proved_qualifications(USCC, AT)
    assert [one.level for one in old] == ["二级"]
    target = Target(registration.dossier_id, old[0].item_no, old[0].version)
    dossiers.qualification("", target=target, level="一级")
    assert [one.level for one in selectors.proved_qualifications(USCC, AT)] == ["二级"]
    services.submit_registration(by=CHEN, at=AT, registration_no=registration.registration_no)
    accept(registration, reason="已核对新证")
    assert [one.level for one in selectors.proved_qualifications(USCC, AT)] == ["一级"]
    found = selectors.registration(registration.registration_no)
    assert found.state == "accepted" and found.accepted_at == AT

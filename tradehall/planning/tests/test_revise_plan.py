"""revise_plan: a new version beside the old one; who may not, when it may not, what it leaves."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.planning import selectors
from tradehall.planning.models import Plan
from tradehall.planning.services import publish_plan, revise_plan
from tradehall.planning.tests.test_plan_rules import PLAN
from tradehall.planning.tests.test_publish_plan import AT, OWNER, entries

LATER = replace(PLAN, expected_on="2026-08")
WHY = "前期工作延后"


@pytest.mark.django_db
def test_修改成为新版本旧版本不变() -> None:
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    made = revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=LATER, reason=f" {WHY} ")
    assert made.version == 2
    first, second = selectors.versions(plan_no)
    assert first.statement == PLAN and second.statement == LATER and second.reason == WHY
    assert [(c.label, c.old, c.new) for c in second.changes] == [("预计时间", "2026-06", "2026-08")]
    assert selectors.plan(plan_no) == second and selectors.plan(plan_no, 1) == first
    assert selectors.plans()[0].version == 2 and len(selectors.plans()) == 1
    assert [(no, version) for no, version, _ in entries("planning.revise_plan")] == [(plan_no, 2)]


@pytest.mark.django_db
def test_过时的版本不能再改() -> None:
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=LATER, reason=WHY)
    with pytest.raises(Stale, match="已有第 2 版"):
        revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=PLAN, reason=WHY)
    assert Plan.objects.count() == 2


@pytest.mark.django_db
def test_没有的计划不能修改() -> None:
    with pytest.raises(NotVisible):
        revise_plan(by=PLATFORM, at=AT, plan_no="P20260410000009", version=1, statement=PLAN, reason=WHY)


@pytest.mark.django_db
def test_别人的计划不能修改且所有问题一次说完() -> None:
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    agency = Actor("person", "2", "乙", "another", frozenset({"agency"}))
    with pytest.raises(Refusal) as caught:
        revise_plan(by=agency, at=AT, plan_no=plan_no, version=1, statement=PLAN, reason=" ")
    codes = [violation.code for violation in caught.value.violations]
    assert codes == ["planning.role", "planning.reason", "planning.unchanged"]
    assert Plan.objects.count() == 1 and entries("planning.revise_plan") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"line": "land"}, "planning.another_plan", id="换类别"),
        pytest.param({"principal_uscc": None}, "planning.another_plan", id="去掉代码"),
        pytest.param({"estimate_cents": -5}, "planning.estimate_cents", id="估算价为负"),
    ],
)
def test_不合法的修改(changed: dict[str, object], code: str) -> None:
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    with pytest.raises(Refusal) as caught:
        revise_plan(by=PLATFORM, at=AT, plan_no=plan_no, version=1, statement=replace(PLAN, **changed), reason=WHY)
    assert [violation.code for violation in caught.value.violations] == [code]


@pytest.mark.django_db
def test_修改原因不得含手机号码() -> None:
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    with pytest.raises(Refusal, match="手机号码"):
        revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=LATER, reason="请致电13812345678")


@pytest.mark.django_db
def test_补上发起方代码() -> None:
    plan_no = publish_plan(by=PLATFORM, at=AT, statement=replace(PLAN, principal_uscc=None)).plan_no
    revise_plan(by=PLATFORM, at=AT, plan_no=plan_no, version=1, statement=PLAN, reason="补充代码")
    assert selectors.plan(plan_no).statement.principal_uscc == PLAN.principal_uscc


@pytest.mark.usefixtures("own_db")
def test_两人同时修改后到的看到已有新版本() -> None:
    """The second waits for the first, then is told; it never fails on a constraint."""
    plan_no = publish_plan(by=OWNER, at=AT, statement=PLAN).plan_no
    told: list[Exception] = []

    def second() -> None:
        try:
            revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=LATER, reason=WHY)
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        revise_plan(by=OWNER, at=AT, plan_no=plan_no, version=1, statement=LATER, reason=WHY)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert [type(error) for error in told] == [Stale]

"""An agency acts for a principal only with a mandate that counts, and only for the client on its screen (G2)."""

from dataclasses import replace

import pytest

from tradehall.kernel.actor import Scope
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.parties.services import end_mandate
from tradehall.parties.tests import bodies
from tradehall.tenders.models import Project
from tradehall.tenders.services import suspend
from tradehall.tenders.tests.trades import (
    AGENT,
    DAY,
    DESK,
    HALL,
    SUPERVISOR,
    a_project,
    announced,
    later,
    tender,
    with_facts,
)

pytestmark = pytest.mark.django_db


def end_it() -> None:
    by = bodies.acting(f"principal-{HALL.uscc}", HALL.uscc, at=DAY)
    mandate = bodies.mandated(HALL.uscc or "", HALL.name, DESK.uscc or "", DESK.name, at=DAY)
    end_mandate(by=by, at=DAY, mandate_no=mandate.mandate_no, reason="合同解除")


def test_an_ended_mandate_blocks_every_act_at_once() -> None:
    project = with_facts(a_project())
    end_it()
    with pytest.raises(Refusal, match="委托书 W20260704\\d+ 已终止"):
        tender(project)
    with pytest.raises(Refusal, match="已终止"):
        a_project(by=AGENT, title="另一工程")
    assert Project.objects.count() == 1


def test_an_expired_mandate_blocks() -> None:
    project, _ = announced()
    with pytest.raises(Refusal, match="已到期（至 2027-07-04）"):
        suspend(by=AGENT, at=later(366), project_no=project.project_no, reason="异议待答复", basis="条例22")


def test_only_for_the_client_on_the_screen() -> None:
    project = with_facts(a_project())
    for client in (None, DESK.uscc):
        with pytest.raises(Refusal, match="请先切换委托人"):
            tender(project, by=replace(AGENT, client=client))
    assert tender(project).version == 1


def test_a_supervisor_reaches_his_lines_and_districts_only() -> None:
    project, _ = announced()
    stated = {"at": later(1), "project_no": project.project_no, "reason": "投诉待处理", "basis": "条例22"}
    scope = Scope("supervisor", frozenset({"land"}), frozenset({"990100"}))
    with pytest.raises(NotVisible):
        suspend(by=replace(SUPERVISOR, scopes=(scope,)), **stated)
    assert suspend(by=SUPERVISOR, **stated).version == 1

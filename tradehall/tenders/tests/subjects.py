"""A lot of any line, and what every act that states a subject must keep: shared by the tests of the line apps."""

import json
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.procedures import selectors as procedures
from tradehall.procedures.services import load_definitions
from tradehall.tenders import selectors
from tradehall.tenders.rules import NewLot
from tradehall.tenders.services import register_project
from tradehall.tenders.tests.trades import DAY, HALL, OWNER, STRANGER

Act = Callable[..., object]


def a_lot(line: str) -> str:
    project = register_project(
        by=OWNER, at=DAY, line=line, title="云河市示范项目", principal=HALL, lots=[NewLot("第一标段")], code=None
    )
    return f"{project.project_no}-001"


def required(*definition_ids: str) -> set[str]:
    """The LotFacts these definitions ask for before the first notice."""
    load_definitions(by=PLATFORM, at=DAY)
    return {code for one in definition_ids for code in procedures.definition(one, DAY.date()).requires}


def codes_stated(lot_no: str) -> set[str]:
    return set(selectors.lot_facts(lot_no))


def entries(code: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = %s order by id", [code])
        return [json.loads(body) for (body,) in cursor.fetchall()]


def refuses_whom_and_where(act: Act, subject: object, line: str) -> None:
    """A stranger sees nothing; a lot of another line is no subject of this one; nothing is left behind."""
    lot_no = a_lot(line)
    with pytest.raises(NotVisible):
        act(by=STRANGER, at=DAY, lot_no=lot_no, subject=subject)
    with pytest.raises(NotVisible):
        act(by=OWNER, at=DAY, lot_no="GC-2026-08-9999-001", subject=subject)
    other = a_lot("land" if line != "land" else "works")
    with pytest.raises(Refusal, match="不能按"):
        act(by=OWNER, at=DAY, lot_no=other, subject=subject)
    assert codes_stated(lot_no) == codes_stated(other) == set()
    assert entries(f"{line}.register_subject") == []


def only_grows(table: str) -> None:
    for sql in (f"update {table} set version = 9", f"delete from {table}"):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

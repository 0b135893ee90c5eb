"""Reads of definitions and of the rule register. Says nothing about trades."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from tradehall.kernel.refusal import NotVisible
from tradehall.procedures import periods
from tradehall.procedures.loading import load_register
from tradehall.procedures.models import DefinitionVersion
from tradehall.procedures.rules import Definition, Register, Rule
from tradehall.procedures.saying import Block
from tradehall.procedures.shape import read
from tradehall.procedures.words import describe
from tradehall.reference.codes import work_calendar


@cache
def register() -> Register:
    return load_register()


def rules() -> tuple[Rule, ...]:
    return register().rules


def rule(rule_id: str) -> Rule:
    """A rule of the register; NotVisible when there is none."""
    if not register().has(rule_id):
        raise NotVisible
    return register().rule(rule_id)


def definitions() -> tuple[Definition, ...]:
    """The newest version of every definition."""
    rows = DefinitionVersion.objects.order_by("definition_id", "-valid_from", "-id").distinct("definition_id")
    return tuple(_value(row) for row in rows)


def definition(definition_id: str, on: date) -> Definition:
    """The version in force on a day."""
    rows = DefinitionVersion.objects.filter(definition_id=definition_id, valid_from__lte=on)
    return _known(rows.order_by("-valid_from", "-id").first())


def pinned(definition_id: str, version: str) -> Definition:
    return _known(DefinitionVersion.objects.filter(definition_id=definition_id, version=version).first())


def digest(definition_id: str, version: str) -> str:
    row = DefinitionVersion.objects.filter(definition_id=definition_id, version=version).first()
    if row is None:
        raise NotVisible
    return row.digest


def for_method(line: str, method: str, on: date) -> Definition | None:
    """The expected chain of a reported attempt, for display only; `method` is a code such as `open`."""
    rows = DefinitionVersion.objects.filter(line=line, method=method, valid_from__lte=on).order_by("-valid_from", "-id")
    return next((found for row in rows if (found := _value(row)).scope.expected), None)


def words(value: Definition) -> tuple[Block, ...]:
    """The definition in plain Chinese, as blocks of a page."""
    return describe(value, register())


def judge(
    value: Definition, moments: Mapping[str, datetime], conditions: frozenset[str] = frozenset()
) -> periods.Judgement:
    """Proposed or stated dates against the definition, by the published calendar."""
    return periods.judge(value, moments, work_calendar(), register(), conditions)


def propose_schedule(
    value: Definition, published_at: datetime, conditions: frozenset[str] = frozenset()
) -> tuple[periods.ProposedTerm, ...]:
    """The earliest lawful terms of a first notice published then."""
    return periods.propose_schedule(value, published_at, work_calendar(), register(), conditions)


def _known(row: DefinitionVersion | None) -> Definition:
    if row is None:
        raise NotVisible
    return _value(row)


def _value(row: DefinitionVersion) -> Definition:
    return read(Definition, json.loads(row.body))

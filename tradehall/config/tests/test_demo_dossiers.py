"""The register of the demonstration city: lawful, the same from the same seed, and with something to do for its people."""

import json
import random
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from tradehall.accounts import selectors as accounts
from tradehall.config.demo import city, dossiers, offices, people, plans
from tradehall.config.demo.bodies import CENTRE
from tradehall.config.demo.plans import Plan
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.times import to_beijing
from tradehall.parties import authority
from tradehall.parties import selectors as parties
from tradehall.parties.registration_reads import RegistrationState

TODAY = date(2026, 9, 18)


def made(today: date = TODAY) -> tuple[Plan, ...]:
    return plans.make_plans(city.the_cast(), random.Random(dossiers.SEED), today)


def test_the_same_seed_and_day_make_the_same_register() -> None:
    assert made() == made() and len(made()) == 23
    assert len({plan.who.uscc for plan in made()}) == len({plan.login for plan in made()} | {"principal twice"}) == 23
    assert {plan.fate for plan in made()} == {"accepted", "differing", "waiting", "returned", "draft"}


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2027, 1, 1)])
def test_everything_is_in_force_for_as_long_as_the_law_gives_it_and_nobody_is_real(today: date) -> None:
    for plan in made(today):
        staff = [one for one in plan.items if one.kind == "person"]
        assert all(name.endswith("（演示）") for name in (plan.legal_person, plan.person, *(one.name for one in staff)))
        assert all(one.identity.startswith(plans.NO_REGION) for one in staff)
        for one in plan.items:
            years = plans.YEARS.get(one.code)
            assert one.from_on < today and (one.until_on is None) == (years is None), one
            if one.until_on and years:
                assert one.until_on > today + timedelta(days=20)
                assert one.until_on - one.from_on == timedelta(days=365 * years)


@pytest.fixture
def peopled(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[datetime]:
    """The city's people, without their trades."""
    settings.HOME, settings.AUTHORITY_FILE = tmp_path, tmp_path / "run" / "authority"
    at, cast = platform_now(), city.the_cast()
    city._register(cast, at)
    people.create_people(cast, by=PLATFORM, at=at)
    yield at


def actor(login: str, at: datetime) -> Actor:
    cast = city.the_cast()
    uscc = {"demo-bidder": cast.companies["works"][0], "demo-bidder-code": cast.companies["works"][0],
            "demo-bidder-2": cast.companies["procurement"][0], "demo-centre": CENTRE}[login].uscc  # fmt: skip
    return parties.actor(accounts.account(login), uscc, at)


def own(login: str, at: datetime) -> tuple[str, dict[str, RegistrationState]]:
    """The only dossier of somebody, and its registrations by market."""
    [found] = parties.dossiers(actor(login, at), at)
    return found.dossier_no, {one.registration.line: one for one in parties.registrations(found)}


def test_who_signs_in_finds_his_own_dossier(peopled: datetime) -> None:
    at = peopled
    assert dossiers.register_all(city.the_cast(), at) == 23
    no, markets = own("demo-bidder", at)
    assert own("demo-bidder-code", at)[0] == no and markets["works"].state == "accepted"
    found = parties.dossier_for(actor("demo-bidder", at), no, at=at)
    held = parties.on_file(found)
    assert held.profile and len(held.qualifications) == len(held.accounts) == 1 and len(held.people) == 2
    ends = [one for one in parties.expiring(at, dossier=found) if one.kind == "qualification"]
    assert [one.until_on for one in ends] == [to_beijing(at).date() + timedelta(days=plans.SOON_DAYS)]
    assert parties.missing_in(found, "bidder", "works", at) == ()

    no, markets = own("demo-bidder-2", at)
    assert {line: one.state for line, one in markets.items()} == {"procurement": "accepted", "property": "returned"}
    assert "法定代表人" in markets["property"].reason and dossiers.NEW_HEAD in markets["property"].reason
    compared = parties.newest_comparison(parties.dossier_for(actor("demo-bidder-2", at), no, at=at))
    assert compared and (compared.status, compared.source_name) == ("different", offices.NAME)
    assert [one["label"] for one in compared.changes] == ["法定代表人或负责人"]

    waiting = parties.waiting_registrations(actor("demo-centre", at))
    compared_as = [parties.newest_comparison(one.registration.dossier) for one in waiting]
    assert [one.status for one in compared_as if one] == ["different", "different"]
    with pytest.raises(authority.AuthoritySilent, match="没有配置"):
        authority.look_up(CENTRE.uscc or "")


def test_without_the_source_tree_nothing_is_compared_and_the_reason_says_so(
    peopled: datetime, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ROOT = tmp_path
    assert dossiers.register_all(city.the_cast(), peopled) == 23
    no, markets = own("demo-bidder-2", peopled)
    assert {one.state for one in markets.values()} == {"accepted"}
    [last] = parties.steps(markets["property"].registration)[-1:]
    assert last.reason == dossiers.UNCOMPARED and no
    assert offices.start(1) is None


def test_the_office_says_what_the_city_was_built_with_and_is_found_by_a_demonstration_only(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.HOME, settings.AUTHORITY_FILE = tmp_path, tmp_path / "run" / "authority"
    plan = made()[0]
    code = plan.who.uscc or ""
    offices.remember({code: plans.facts(plan)})
    with offices.answering():
        address = settings.AUTHORITY_FILE.read_text().strip()
        with urllib.request.urlopen(f"{address}/organisations/{code}", timeout=5) as answer:
            assert json.load(answer)["legal_person"] == plan.legal_person
        assert offices.start(1) == address, "one that answers is left alone"
        found = authority.look_up(code)
        assert found is not None and found.fields["name"] == plan.who.name
        settings.KIND = "production"
        with pytest.raises(authority.AuthoritySilent, match="没有配置"):
            authority.look_up(code)
    assert not settings.AUTHORITY_FILE.exists()

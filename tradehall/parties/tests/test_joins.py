"""One party under two numbers: joined by an act with a reason, undone by another; the trace stays.

Acts: join_mention, split_mention, merge_organisations, split_organisations.
"""

import pytest

from tradehall.kernel.names import mention_no
from tradehall.kernel.refusal import NotVisible, Refusal, Stale
from tradehall.parties import selectors, services
from tradehall.parties.models import Mention, Organisation
from tradehall.parties.tests import dossiers
from tradehall.parties.tests.bodies import code_of
from tradehall.parties.tests.dossiers import AT, CHEN, CLERK, OTHER, USCC

pytestmark = pytest.mark.django_db
NAME = "云河三建"
NO = mention_no(NAME)
WHY = "来源更正函 2026-17"
THIRD = code_of("MA0000RJ")


@pytest.fixture
def parties() -> None:
    dossiers.accepted()
    services.note_parties([(NAME, None), ("旧代码公司", OTHER), ("第三公司", THIRD)], at=AT)


def join(uscc: str = USCC, reason: str = WHY) -> None:
    services.join_mention(by=CLERK, at=AT, mention_no=NO, uscc=uscc, reason=reason)


def test_a_mention_stands_under_its_code_until_it_is_split(parties: None) -> None:
    join()
    assert selectors.joined_into(NO) == USCC and selectors.joined_from(USCC) == (NO,)
    services.split_mention(by=CLERK, at=AT, mention_no=NO, reason="同名不同单位")
    assert selectors.joined_into(NO) is None and selectors.joined_from(USCC) == ()
    history = selectors.join_history(USCC)
    assert [(one.reason, one.end_reason) for one in history] == [(WHY, "同名不同单位")]
    assert Mention.objects.get().name == NAME
    join()
    assert len(selectors.join_history(NO)) == 2


def test_a_mention_joins_only_a_proved_code(parties: None) -> None:
    with pytest.raises(Refusal, match="没有经过登记审核"):
        join(OTHER)
    assert selectors.joined_into(NO) is None


def test_two_codes_merge_and_chains_lead_to_the_end(parties: None) -> None:
    join()
    services.merge_organisations(by=CLERK, at=AT, uscc=USCC, into_uscc=OTHER, reason=WHY)
    assert selectors.joined_into(NO) == OTHER and selectors.joined_from(OTHER) == (USCC, NO)
    assert selectors.joined([NO, USCC, THIRD]) == {NO: OTHER, USCC: OTHER}
    assert Organisation.objects.get(uscc=USCC).name == dossiers.PROFILE["name"]
    services.split_organisations(by=CLERK, at=AT, uscc=USCC, reason="误并")
    assert selectors.joined_into(NO) == USCC and selectors.joined_from(OTHER) == ()


def test_nothing_points_in_a_circle(parties: None) -> None:
    services.merge_organisations(by=CLERK, at=AT, uscc=USCC, into_uscc=OTHER, reason=WHY)
    services.merge_organisations(by=CLERK, at=AT, uscc=OTHER, into_uscc=THIRD, reason=WHY)
    for into in (USCC, OTHER, THIRD):
        with pytest.raises(Refusal, match="互相指向"):
            services.merge_organisations(by=CLERK, at=AT, uscc=THIRD, into_uscc=into, reason=WHY)


def test_a_joined_number_is_not_joined_again(parties: None) -> None:
    join()
    with pytest.raises(Stale):
        join()


@pytest.mark.parametrize("reason", ["", " ", "长" * 501])
def test_a_join_needs_a_reason(parties: None, reason: str) -> None:
    with pytest.raises(Refusal, match="请写明依据"):
        join(reason=reason)


def test_who_may_not_and_what_is_not_there(parties: None) -> None:
    with pytest.raises(NotVisible):
        services.join_mention(by=CHEN, at=AT, mention_no=NO, uscc=USCC, reason=WHY)
    with pytest.raises(NotVisible):
        services.split_mention(by=CLERK, at=AT, mention_no=NO, reason=WHY)
    with pytest.raises(NotVisible):
        services.join_mention(by=CLERK, at=AT, mention_no="n-" + "0" * 16, uscc=USCC, reason=WHY)
    with pytest.raises(NotVisible):
        services.merge_organisations(by=CLERK, at=AT, uscc=OTHER, into_uscc=code_of("MA0000RK"), reason=WHY)

"""What everybody sees of the register: proved qualifications, joined numbers, and never a person's identifier."""

import pytest
from django.test import Client

from tradehall.kernel.names import mention_no
from tradehall.parties import services
from tradehall.parties.services import Target
from tradehall.parties.tests import dossiers
from tradehall.parties.tests.dossiers import AT, BANK, CHEN, CLERK, IDENTITY, OTHER, PROFILE, USCC

pytestmark = pytest.mark.django_db
NO = mention_no("云河三建")


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_public_page_shows_what_was_proved_and_nobody_s_numbers() -> None:
    """V19."""
    dossiers.accepted()
    seen = page(f"/org/{USCC}")
    for words in ("登记的资质", "建筑业企业资质", "二级", "D231000001", "2027-09-18"):
        assert words in seen
    for secret in (IDENTITY, BANK, BANK[-4:], "王工", PROFILE["phone"], PROFILE["contact"]):
        assert secret not in seen


def test_a_draft_is_seen_by_nobody() -> None:
    dossiers.submitted()
    assert Client().get(f"/org/{USCC}").status_code == 404
    assert Client().get(f"/api/v1/parties/{USCC}").status_code == 404


def test_systems_read_registrations_and_qualifications() -> None:
    registration = dossiers.accepted()
    target = Target(registration.dossier_id)
    services.open_next_registration(by=CHEN, at=AT, dossier_no=target.dossier_no, role="bidder", line="procurement")
    told = Client().get(f"/api/v1/parties/{USCC}").json()
    assert [(one["role"], one["line"], one["state"]) for one in told["registrations"]] == [
        ("bidder", "works", "accepted")
    ]
    assert told["registrations"][0]["accepted_at"] == "2026-09-18T10:00:00+08:00"
    assert told["qualifications"] == [
        {
            "kind": "construction", "label": "建筑业企业资质", "name": "建筑工程施工总承包", "level": "二级",
            "certificate_no": "D231000001", "publisher": "云河市住房和城乡建设局", "from_on": None,
            "until_on": "2027-09-18",
        }
    ]  # fmt: skip
    assert told["merged_into"] is None and told["is_reported"] is False
    assert not any(secret in str(told) for secret in (IDENTITY, BANK, "王工", PROFILE["phone"]))


def test_the_old_address_leads_to_the_code_while_the_join_stands() -> None:
    dossiers.accepted()
    services.note_parties([("云河三建", None), ("旧代码", OTHER)], at=AT)
    services.join_mention(by=CLERK, at=AT, mention_no=NO, uscc=USCC, reason="更正函")
    services.merge_organisations(by=CLERK, at=AT, uscc=OTHER, into_uscc=USCC, reason="换码")
    for no in (NO, OTHER):
        answer = Client().get(f"/org/{no}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/org/{USCC}")
    assert Client().get(f"/api/v1/parties/{OTHER}").json()["merged_into"] == USCC
    assert "记录并入本页" in page(f"/org/{USCC}")
    services.split_organisations(by=CLERK, at=AT, uscc=OTHER, reason="误并")
    assert page(f"/org/{OTHER}") and "旧代码" in page(f"/org/{OTHER}")


def test_notices_of_a_joined_name_stand_under_the_code_and_leave_with_the_split(city: None) -> None:
    dossiers.accepted()
    no = mention_no(PROFILE["name"])
    assert PROFILE["name"] in page(f"/org/{no}") and "图书馆修缮" not in page(f"/org/{USCC}")
    services.join_mention(by=CLERK, at=AT, mention_no=no, uscc=USCC, reason="更正函")
    assert Client().get(f"/org/{no}").headers["Location"] == f"/org/{USCC}"
    joined = page(f"/org/{USCC}")
    assert "图书馆修缮" in joined and "另有同名但未报送代码的记录" not in joined
    for asked in (PROFILE["name"], USCC):
        listed = Client().get("/orgs.json", {"q": asked}).json()["items"]
        assert [(one["no"], one["uscc"], one["href"]) for one in listed] == [(USCC, USCC, f"/org/{USCC}")]
    services.split_mention(by=CLERK, at=AT, mention_no=no, reason="同名")
    assert "图书馆修缮" in page(f"/org/{no}") and "图书馆修缮" not in page(f"/org/{USCC}")
    assert Client().get("/orgs.json", {"q": USCC}).json()["items"] == []

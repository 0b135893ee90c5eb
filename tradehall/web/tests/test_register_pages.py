"""The pages of the register: start, dossier, its things, numbers; and the centre's examination. What is typed is kept."""

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.peers.authority.running import running
from tradehall.accounts import selectors as accounts
from tradehall.accounts.tests.entering import entered
from tradehall.journal.clock import platform_now
from tradehall.kernel.names import mention_no
from tradehall.parties import selectors, services
from tradehall.parties.models import Licence, Registration
from tradehall.parties.tests import bodies, dossiers
from tradehall.parties.tests.dossiers import AGREED, IDENTITY, OTHER, PROFILE, USCC

pytestmark = pytest.mark.django_db
START = {"uscc": USCC, "name": PROFILE["name"], "role": "bidder", "line": "works"}


def signed_in(login: str, at: datetime) -> Client:
    bodies.person(login, at=at)
    return entered(accounts.account(login))


@pytest.fixture
def at() -> datetime:
    return platform_now()


@pytest.fixture
def chen(at: datetime) -> Client:
    return signed_in("chen", at)


@pytest.fixture
def clerk(at: datetime) -> Client:
    bodies.appointed("clerk", "centre", bodies.CENTRE, at=at)
    return signed_in("clerk", at)


def begin(client: Client, **stated: str) -> str:
    """The address of the dossier that the start page leads to."""
    answer = client.post("/register", {**START, **stated})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_visitors_are_led_to_sign_in_and_back() -> None:
    for address in ("/register", "/desk/organisation", "/desk/registrations", "/desk/joins"):
        assert Client().get(address).headers["Location"].startswith("/login?next=")


def test_the_start_page_leads_to_the_dossier_which_names_what_is_missing(chen: Client) -> None:
    page = text(chen, begin(chen))
    assert PROFILE["name"] in page and "尚未通过审核" in page
    for words in ("法定代表人或负责人", "安全生产许可证", "用于收退保证金的银行账户", "补齐缺少的内容后可提交"):
        assert words in page
    assert chen.get("/desk/organisation").headers["Location"] == begin(chen)


def test_what_was_typed_stays_and_the_error_stands_beside_its_field(chen: Client) -> None:
    """X6."""
    answer = chen.post("/register", {**START, "uscc": "91310000MA1FL00000", "name": "云河某公司"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="云河某公司"' in page and 'href="#id_uscc"' in page and 'id="err_uscc"' in page
    assert not Registration.objects.exists()


def test_a_licence_is_added_with_its_document_and_sent_twice_is_there_once(chen: Client) -> None:
    base = begin(chen)
    form = text(chen, f"{base}/licence/new?code=business_licence")
    item_no = re.search(r'name="item_no" value="(\w+)"', form)
    assert item_no is not None and 'type="file"' in form
    for _ in range(2):
        paper = SimpleUploadedFile("执照.pdf", b"%PDF-1.4 licence")
        sent = {
            "item_no": item_no[1],
            "version": "0",
            "item_code": "business_licence",
            "until_on": "",
            "evidence": paper,
        }
        assert chen.post(f"{base}/licence/new", sent).status_code == 302
    assert Licence.objects.count() == 1
    page = text(chen, base)
    assert "执照.pdf" in page and "（未登记）" in page
    file = re.search(rf'href="({base}/files/\w+)"', page)
    assert file is not None
    assert chen.get(file[1]).content == b"%PDF-1.4 licence"


def test_a_wrong_day_or_file_keeps_the_form(chen: Client) -> None:
    base = begin(chen)
    sent = {"item_no": "I" + "0" * 16, "version": "0", "item_code": "business_licence", "licence_no": "A-1"}
    answer = chen.post(f"{base}/licence/new", {**sent, "until_on": "明年"})
    assert answer.status_code == 400 and 'id="err_until_on"' in answer.content.decode()
    disguised = SimpleUploadedFile("执照.pdf", b"MZ\x00\x01 program")
    answer = chen.post(f"{base}/licence/new", {**sent, "evidence": disguised})
    page = answer.content.decode()
    assert answer.status_code == 400 and 'id="err_evidence"' in page and 'value="A-1"' in page


def test_replacing_makes_a_version_and_a_stale_form_is_told(chen: Client) -> None:
    base = begin(chen)
    one = dossiers.qualification(base.rpartition("/")[2])
    address = f"{base}/qualification/{one.item_no}"
    assert 'value="建筑工程施工总承包"' in text(chen, address)
    sent = {
        "version": "1", "name": "建筑工程施工总承包", "level": "一级", "certificate_no": "D2",
        "publisher": "云河市住房和城乡建设局", "until_on": "2030-01-01",
    }  # fmt: skip
    assert chen.post(address, sent).status_code == 302
    answer = chen.post(address, sent | {"level": "三级"})
    assert answer.status_code == 409 and "刚刚被改过" in answer.content.decode()
    assert '第 <span class="num">2</span> 版' in text(chen, address)
    assert chen.post(f"{address}/end").status_code == 302
    assert chen.get(address).status_code == 404


def test_a_number_is_shown_once_for_a_purpose_and_on_no_other_page(chen: Client) -> None:
    base = begin(chen)
    one = dossiers.practitioner(base.rpartition("/")[2])
    address = f"/desk/numbers/identity/{one.sealed_id}"
    for page in (base, f"{base}/person/{one.item_no}", address):
        assert IDENTITY not in text(chen, page)
    assert chen.post(address, {"purpose": ""}).status_code == 400
    answer = chen.post(address, {"purpose": "核对人员证件"})
    assert IDENTITY in answer.content.decode() and "no-store" in answer.headers["Cache-Control"]


def test_nobody_else_finds_the_dossier(chen: Client, at: datetime) -> None:
    base, sun = begin(chen), signed_in("sun", at)
    one = dossiers.practitioner(base.rpartition("/")[2])
    for address in (
        base,
        f"{base}/profile",
        f"{base}/licence/new",
        f"{base}/person/{one.item_no}",
        f"{base}/files/{one.evidence_id}",
    ):
        assert sun.get(address).status_code == 404, address
    assert sun.post(f"/desk/numbers/identity/{one.sealed_id}", {"purpose": "核对人员证件"}).status_code == 404
    for address in ("/desk/registrations", "/desk/joins"):
        assert sun.get(address).status_code == 403


def test_withdrawing_a_consent_is_one_press(chen: Client) -> None:
    base = begin(chen)
    dossiers.practitioner(base.rpartition("/")[2])
    address = re.search(rf'action="({base}/consents/\d+/withdraw)"', text(chen, base))
    assert address is not None
    assert chen.post(address[1]).status_code == 302
    assert "已撤回" in text(chen, base)


def test_the_centre_sees_what_waits_compares_and_decides(chen: Client, clerk: Client) -> None:
    registration = dossiers.submitted()
    assert PROFILE["name"] in text(clerk, "/desk/registrations")
    address = f"/desk/registrations/{registration.registration_no}"
    assert clerk.post(f"{address}/compare").status_code == 302
    page = text(clerk, address)
    assert "没有配置权威来源" in page and IDENTITY not in page
    answer = clerk.post(f"{address}/decide", {"decision": "accept", "reason": ""})
    assert answer.status_code == 400 and 'href="#id_reason"' in answer.content.decode()
    assert clerk.post(f"{address}/decide", {"decision": "accept", "reason": "已核对原件"}).status_code == 302
    assert "已通过" in text(clerk, address)
    assert "已为办理人提出授权，待另一人批准" in text(clerk, address)
    answer = clerk.post(f"{address}/decide", {"decision": "return", "reason": "晚了"})
    assert answer.status_code == 409 and "刚刚由他人办理" in answer.content.decode()
    assert "已证明的主体" in text(chen, f"/desk/organisation/{registration.dossier_id}")


def test_a_second_market_is_one_press_and_asks_the_rest(chen: Client) -> None:
    """B1."""
    base = begin(chen)
    dossiers.fill(Registration.objects.get())
    assert chen.post(f"{base}/registrations", {"role": "bidder", "line": "procurement"}).status_code == 302
    lacking = selectors.missing_in(Registration.objects.first().dossier, "bidder", "procurement", platform_now())
    page = text(chen, base)
    assert len(lacking) == 5 and all(one.label in page for one in lacking)


def test_a_natural_person_sees_only_lines_that_admit_him(chen: Client) -> None:
    page = text(chen, "/register?as=natural")
    assert "竞买人" in page and "投标人" not in page
    sent = {"as": "natural", "name": "林远", "identity": IDENTITY, "consent": AGREED, "line": "land"}
    base = chen.post("/register", sent).headers["Location"]
    page = text(chen, base)
    assert "身份证件" in page and "企业规模" not in page and IDENTITY not in page


def test_joining_and_splitting_by_the_centre(clerk: Client, at: datetime) -> None:
    dossiers.accepted()
    services.note_parties([("云河三建", None), ("旧代码", OTHER)], at=at)
    no = mention_no("云河三建")
    sent = {"from_no": no, "uscc": USCC, "reason": "更正函", "decision": "join"}
    assert clerk.post("/desk/joins", sent | {"reason": ""}).status_code == 400
    assert clerk.post("/desk/joins", sent).status_code == 302
    assert selectors.joined_into(no) == USCC and "更正函" in text(clerk, f"/desk/joins?no={no}")
    assert clerk.post("/desk/joins", sent).status_code == 400
    assert clerk.post("/desk/joins", sent | {"decision": "split"}).status_code == 302
    assert selectors.joined_into(no) is None


def test_a_profile_form_asks_only_what_the_roles_need(chen: Client) -> None:
    base = begin(chen)
    form = text(chen, f"{base}/profile")
    assert 'name="nature"' in form and 'name="budget_unit"' not in form and 'name="size"' not in form
    answer = chen.post(f"{base}/profile", {**PROFILE, "district": "000000"})
    assert answer.status_code == 400 and 'id="err_district"' in answer.content.decode()
    assert chen.post(f"{base}/profile", PROFILE).status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_filled_in(chen: Client) -> None:
    """X10."""
    base = begin(chen)
    address = f"{base}/licence/new"
    form = text(chen, f"{address}?code=business_licence")
    marker = re.search(r'name="draft_for" value="([^"]+)"', form)
    assert marker is not None
    sent = {"item_no": "I" + "0" * 16, "version": "0", "item_code": "business_licence", "licence_no": "A-77"}
    answer = Client().post(address, sent | {"draft_for": marker[1]})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/login?next=")
    page = text(chen, address)
    assert 'value="A-77"' in page and "营业执照" in page and "已恢复您刚才填写的内容" in page


def test_the_review_page_shows_differences_only(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """O2."""
    registration = dossiers.submitted()
    with running() as office:
        monkeypatch.setenv("TRADEHALL_AUTHORITY_URL", office.url)
        stated = {key: PROFILE[key] for key in ("name", "district", "address")}
        office.told(facts={USCC: {**stated, "legal_person": "赵立", "qualifications": []}})
        address = f"/desk/registrations/{registration.registration_no}"
        assert clerk.post(f"{address}/compare").status_code == 302
        assert office.asked() == [USCC]
    before, _, _ = text(clerk, address).partition("看申报全文")
    for words in ("以下各项与权威来源不同", "赵立", "陈立", "查无此证", "市场主体登记库（演示）"):
        assert words in before
    assert PROFILE["address"] not in before

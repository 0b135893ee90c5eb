"""A company registers: what its market asks, the centre's examination, and a second market that asks only for the rest."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tradehall.kernel.identifiers import compute_citizen_check, compute_organisation_check, compute_uscc_check

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_FIRST = f"91990100MA0000JY{compute_organisation_check('MA0000JY')}"
USCC = _FIRST + compute_uscc_check(_FIRST)
_BORN = "11010519900307123"
IDENTITY = _BORN + compute_citizen_check(_BORN)
NAME = "澄州远航建设有限公司（演示）"
PROFILE = {
    "legal_person": "陈立", "district": "990101", "address": "云湖路 1 号", "contact": "陈岚", "phone": "021-00000000",
}  # fmt: skip
People = dict[str, dict[str, Any]]


def signed_in(browser: Browser, site: str, person: dict[str, Any]) -> Page:
    page = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    page.goto("/login")
    page.fill("#id_login", person["login"])
    page.fill("#id_password", person["password"])
    page.locator("main form button").first.click()
    expect(page).to_have_url(f"{site}/desk")
    return page


def fill_in(page: Page, **fields: str) -> None:
    for field, value in fields.items():
        control = page.locator(f"#id_{field}")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def add(page: Page, dossier: str, where: str, file: str = "", **fields: str) -> None:
    """One thing on file, by its form; with a document where one is asked."""
    page.goto(f"{dossier}/{where}")
    fill_in(page, **fields)
    if file:
        content = {"name": file, "mimeType": "application/pdf", "buffer": PDF + file.encode()}
        page.set_input_files("#id_evidence", content)
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(dossier)


def add_everything(page: Page, dossier: str) -> None:
    """What a bidder for works is asked, no more."""
    until = {"until_on": "2030-01-01"}
    add(page, dossier, "profile", nature="民营企业", **PROFILE)
    for code in ("business_licence", "authorisation", "safety_permit"):
        add(page, dossier, f"licence/new?code={code}", f"{code}.pdf", **until)
    qualification = {"name": "建筑工程施工总承包", "level": "二级", "certificate_no": "D231", "publisher": "住建局"}
    add(page, dossier, "qualification/new?code=construction", "资质证书.pdf", **qualification, **until)
    person = {"name": "王工", "level": "一级", "certificate_no": "J31", "identity": IDENTITY, "consent": "2026-1"}
    add(page, dossier, "person/new?code=project_manager", "注册证书.pdf", **person, **until)
    account = {"bank_name": "澄州银行", "holder_name": NAME, "number": "6222020200112233445", "consent": "2026-1"}
    add(page, dossier, "account/new", **account)


def test_register_once_then_a_second_market_asks_only_what_is_missing(
    browser: Browser, site: str, people: People
) -> None:
    """B1; and what no authority could compare is accepted only with a reason."""
    page = signed_in(browser, site, people["demo-bidder"])
    page.goto("/register")
    fill_in(page, uscc=USCC[:-1] + "0", name=NAME, role="bidder", line="works")
    page.get_by_role("button", name="开始登记").click()
    expect(page.locator(".errors")).to_contain_text("统一社会信用代码")
    expect(page.locator("#id_name")).to_have_value(NAME)
    fill_in(page, uscc=USCC)
    page.get_by_role("button", name="开始登记").click()
    expect(page.locator("h1")).to_have_text(NAME)
    dossier = page.url
    works = page.locator("tr", has_text="工程建设")
    expect(works.locator("li")).to_have_count(12)
    add_everything(page, dossier)
    expect(works).to_contain_text("不缺")
    works.get_by_role("button", name="提交").click()
    expect(works).to_contain_text("待审核")

    accept(signed_in(browser, site, people["demo-centre"]))
    page.goto(dossier)
    expect(works).to_contain_text("已通过")
    procurement = page.locator("tr", has_text="政府采购")
    procurement.get_by_role("button", name="登记").click()
    expect(procurement.locator("li")).to_have_count(5)
    for words in ("企业规模", "财务会计报告或资信证明", "税收", "社会保障资金", "无重大违法记录"):
        expect(procurement).to_contain_text(words)
    page.goto(f"/org/{USCC}")
    expect(page.locator("main")).to_contain_text("建筑业企业资质")
    expect(page.locator("main")).not_to_contain_text("王工")


def accept(clerk: Page) -> None:
    clerk.goto("/desk/registrations")
    clerk.get_by_role("link", name=NAME).click()
    clerk.get_by_role("button", name="与权威来源比对").click()
    # Silent, or a stranger to it: other journeys may have started the demonstration's registry office.
    expect(clerk.locator("main")).to_contain_text(re.compile("没有取得权威来源的答复|权威来源查无此代码"))
    clerk.get_by_role("button", name="通过").click()
    expect(clerk.locator(".errors")).to_contain_text("请写明如何核对")
    clerk.fill("#id_reason", "已核对营业执照原件")
    clerk.get_by_role("button", name="通过").click()
    expect(clerk.locator("main")).to_contain_text("已通过")

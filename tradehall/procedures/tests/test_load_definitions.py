"""load_definitions: what it keeps, when it does nothing, what it refuses and what it leaves."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.procedures import selectors
from tradehall.procedures.loading import definition_files
from tradehall.procedures.models import DefinitionVersion
from tradehall.procedures.services import load_definitions
from tradehall.procedures.tests.examples import definition, every_id

AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _entries() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select subject_no from journal_entry where code = 'procedures.load_definitions'")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in definition_files():
        shutil.copy(path, tmp_path)
    return tmp_path


def test_载入全部定义并留下记录() -> None:
    kept = load_definitions(by=PLATFORM, at=AT)
    assert set(kept) == {f"{name}@2026.1" for name in every_id()}
    assert sorted(_entries()) == every_id()
    assert {one.id for one in selectors.definitions()} == set(every_id())


def test_再次载入什么也不做() -> None:
    load_definitions(by=PLATFORM, at=AT)
    assert load_definitions(by=PLATFORM, at=AT) == ()
    assert len(_entries()) == DefinitionVersion.objects.count() == len(every_id())


def test_同一版本内容变了全部拒绝(folder: Path) -> None:
    load_definitions(by=PLATFORM, at=AT, files=sorted(folder.glob("*.toml")))
    changed = folder / "works.open.post.toml"
    changed.write_text(changed.read_text("utf-8").replace("min = 20", "min = 21"), "utf-8")
    with pytest.raises(Refusal) as caught:
        load_definitions(by=PLATFORM, at=AT, files=sorted(folder.glob("*.toml")))
    codes = {violation.code for violation in caught.value.violations}
    assert codes == {"procedures.immutable"}
    assert "works.open.post@2026.1" in str(caught.value)
    assert DefinitionVersion.objects.count() == len(every_id())


def test_新版本与旧版本并存(folder: Path) -> None:
    load_definitions(by=PLATFORM, at=AT, files=sorted(folder.glob("*.toml")))
    old = (folder / "procurement.open.toml").read_text("utf-8")
    new = old.replace('version = "2026.1"', 'version = "2027.1"')
    new = new.replace("valid_from = 2025-01-01", "valid_from = 2027-01-01")
    (folder / "procurement.open.2027.toml").write_text(new, "utf-8")
    assert load_definitions(by=PLATFORM, at=AT, files=sorted(folder.glob("*.toml"))) == ("procurement.open@2027.1",)
    assert selectors.definition("procurement.open", date(2026, 12, 31)).version == "2026.1"
    assert selectors.definition("procurement.open", date(2027, 1, 1)).version == "2027.1"
    assert selectors.pinned("procurement.open", "2026.1").valid_from == date(2025, 1, 1)


def test_一个文件不健全全部不保存(folder: Path) -> None:
    bad = folder / "works.open.post.toml"
    bad.write_text(bad.read_text("utf-8").replace('next = "none"', 'next = "maybe"'), "utf-8")
    with pytest.raises(Refusal) as caught:
        load_definitions(by=PLATFORM, at=AT, files=sorted(folder.glob("*.toml")))
    assert {violation.code for violation in caught.value.violations} == {"procedures.unsound"}
    assert not DefinitionVersion.objects.exists() and not _entries()


def test_读出的定义与文件相同() -> None:
    load_definitions(by=PLATFORM, at=AT)
    one = selectors.definition("land.auction", date(2026, 5, 1))
    assert one == selectors.pinned("land.auction", "2026.1") == definition("land.auction")
    assert len(selectors.digest("land.auction", "2026.1")) == 64
    assert selectors.words(one)[0]["type"] == "paragraph"


def test_没有的定义看不到() -> None:
    with pytest.raises(NotVisible):
        selectors.definition("works.open.post", date(2026, 5, 1))
    load_definitions(by=PLATFORM, at=AT)
    with pytest.raises(NotVisible):
        selectors.definition("works.open.post", date(2024, 12, 31))
    with pytest.raises(NotVisible):
        selectors.pinned("works.open.post", "1999.1")


@pytest.mark.parametrize(
    ("line", "method", "expected"),
    [
        pytest.param("works", "open", "works.open.post", id="工程公开招标"),
        pytest.param("procurement", "inquiry", "procurement.inquiry", id="政府采购询价"),
        pytest.param("works", "listing", None, id="没有这种方式"),
    ],
)
def test_报送的交易按方式显示应有流程(line: str, method: str, expected: str | None) -> None:
    load_definitions(by=PLATFORM, at=AT)
    found = selectors.for_method(line, method, date(2026, 5, 1))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize("act", ["update {} set title = 'x'", "delete from {}"], ids=["修改", "删除"])
def test_版本不可改动(act: str) -> None:
    load_definitions(by=PLATFORM, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format("procedures_definition_version"))
    assert DefinitionVersion.objects.count() == len(every_id())

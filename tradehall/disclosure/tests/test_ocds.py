"""Open data: every line and stage is valid OCDS, and the API, the export and a later reading say the same."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import ocdsmerge
import pytest
from django.test import Client

from tradehall.disclosure.ocds import publishing
from tradehall.disclosure.tests.judge import complaints, judge, release_schema
from tradehall.disclosure.tests.trades import BY, notice, others, recorded, works
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.refusal import NotVisible
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT

pytestmark = pytest.mark.django_db
Json = dict[str, Any]
FRAME = {"uri": "http://127.0.0.1/", "published_at": "2026-09-18T10:00:00+08:00", "publisher": "测试"}


def _all() -> list[Json]:
    releases, following = publishing.releases_after(0, 1_000)
    assert following is None
    return [release for _, release in releases]


def _packages(path: Path) -> list[Json]:
    return [json.loads(line) for line in gzip.open(path, "rt")]


def _by_title(word: str) -> list[Json]:
    return [release for release in _all() if word in release["tender"]["title"]]


def test_every_line_and_stage_is_valid(tmp_path: Path) -> None:
    recorded()
    package, _ = publishing.release_package(0, 1_000, at=AT)
    tags = {tag for release in package["releases"] for tag in release["tag"]}
    assert tags >= {"planning", "tender", "tenderUpdate", "award", "contract", "implementation", "tenderCancellation"}
    result = judge(package, tmp_path)
    assert complaints(result) == {}
    assert result["count"] == len(package["releases"])
    assert result["unique_ocids_count"] == len({release["ocid"] for release in package["releases"]})


def test_the_api_and_the_export_give_the_same_in_the_same_order(client: Client, tmp_path: Path) -> None:
    recorded()
    done = publishing.export(tmp_path / "all.jsonl.gz", 0, at=AT)
    exported = [release for package in _packages(tmp_path / "all.jsonl.gz") for release in package["releases"]]
    answered = client.get("/api/v1/ocds/releases").json()
    assert answered["next"] is None and answered["releases"] == exported
    assert (done.releases, done.processes) == (len(exported), len({release["ocid"] for release in exported}))
    assert [path.name for path in tmp_path.iterdir()] == ["all.jsonl.gz"]


def test_packages_are_cut_and_nothing_is_lost_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "PACKAGE_RELEASES", 4)
    monkeypatch.setattr(publishing, "READ_RELEASES", 3)
    recorded()
    seen: list[int] = []
    done = publishing.export(tmp_path / "all.jsonl.gz", 0, at=AT, progress=seen.append)
    packages = _packages(tmp_path / "all.jsonl.gz")
    assert {len(package["releases"]) for package in packages[:-1]} == {4} and len(packages[-1]["releases"]) <= 4
    assert [one for package in packages for one in package["releases"]] == _all()
    assert seen == sorted(seen) and seen[-1] == done.releases


def test_an_export_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    recorded(works())
    first = publishing.export(tmp_path / "a.jsonl.gz", 0, at=AT)
    recorded(others())
    second = publishing.export(tmp_path / "b.jsonl.gz", first.position, at=AT)
    both = [one for name in "ab" for package in _packages(tmp_path / f"{name}.jsonl.gz") for one in package["releases"]]
    assert both == _all() and second.releases == len(others())
    nothing = publishing.export(tmp_path / "c.jsonl.gz", second.position, at=AT)
    assert (nothing.releases, nothing.position, _packages(tmp_path / "c.jsonl.gz")) == (0, second.position, [])


def test_what_is_not_sealed_yet_is_not_published() -> None:
    record_notices(works(), by=BY, at=AT)
    assert _all() == []
    seal_pending()
    assert len(_all()) == len(works())


def test_a_contract_refers_to_the_award_of_its_supplier() -> None:
    recorded(works())
    [award] = [release["awards"][0]["id"] for release in _all() if release["tag"] == ["award"]]
    [contract] = [release for release in _all() if release["tag"] == ["contract"]]
    assert contract["contracts"][0]["awardID"] == award and "awards" not in contract


def test_a_contract_without_an_award_states_its_own() -> None:
    recorded(others())
    [contract] = _by_title("图书馆用车服务")
    assert [award["id"] for award in contract["awards"]] == [contract["contracts"][0]["awardID"]]
    assert contract["awards"][0]["suppliers"][0]["name"] == "远行汽车服务有限公司"


def test_a_later_result_does_not_change_an_earlier_release() -> None:
    result, contract = works()[5:7]
    recorded([contract])
    before = _all()
    recorded([result])
    assert _all()[: len(before)] == before
    assert before[0]["contracts"][0]["awardID"] == before[0]["awards"][0]["id"]


def test_in_a_sale_the_transferor_is_no_buyer() -> None:
    recorded(others())
    for sale in [*_by_title("2026-07号地块"), *_by_title("旧厂房转让"), *_by_title("排污权交易")]:
        assert "buyer" not in sale and sale["tender"]["procurementMethodDetails"].startswith("出让转让（sale）")
        assert sale["tender"]["procuringEntity"]["name"] == "云河市水务建设管理中心"
    tender, result = _by_title("2026-07号地块")
    assert tender["tender"]["minValue"] == {"amount": 9_000_000, "currency": "CNY"}
    assert result["awards"][0]["suppliers"][0]["name"] == "云河置业有限公司"


def test_a_second_version_is_an_update_that_names_what_it_amends() -> None:
    recorded()
    first, second = _all()[-2:]
    assert (first["tag"], second["tag"], first["ocid"] == second["ocid"]) == (["tender"], ["tenderUpdate"], True)
    assert second["tender"]["amendments"][0]["amendsReleaseID"] == first["id"]


def test_a_record_is_compiled_as_the_standard_merges(client: Client, tmp_path: Path) -> None:
    recorded()
    ocid = _by_title("滨江路雨水泵站改造工程")[0]["ocid"]
    package = client.get(f"/api/v1/ocds/records/{ocid}").json()
    [record] = package["records"]
    assert record["releases"] == [release for release in _all() if release["ocid"] == ocid]
    by_the_schema = ocdsmerge.Merger(schema=release_schema())
    assert record["compiledRelease"] == by_the_schema.create_compiled_release(record["releases"])
    compiled = publishing.packages.release_package([record["compiledRelease"]], **FRAME)
    assert complaints(judge(compiled, tmp_path)) == {}


@pytest.mark.parametrize("ocid", ["ocds-demo00-RNOTHING", "ocds-other0-R1", "R1"])
def test_an_unknown_process_is_not_found(ocid: str) -> None:
    recorded([notice(1, "result", "land", "甲地块")])
    with pytest.raises(NotVisible):
        publishing.record(ocid, at=AT + timedelta(days=1))


def test_a_failed_export_leaves_the_former_file(tmp_path: Path) -> None:
    recorded(works())
    path = tmp_path / "all.jsonl.gz"
    publishing.export(path, 0, at=AT)
    former = path.read_bytes()

    def fail(count: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        publishing.export(path, 0, at=AT, progress=fail)
    assert path.read_bytes() == former and len(list(tmp_path.iterdir())) == 1

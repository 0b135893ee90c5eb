"""The home is gone. What was acted before a chosen second is there again, nothing after it, and old proofs still hold."""

import base64
import json
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradehall.config.tests.operated import PASSPHRASE, Operated
from tradehall.crypto.verify import verify_content

pytestmark = pytest.mark.slow
NOTICE_SET, EVENT_SET = "WIN_RESULT_ANNO", "PROCESS_EVENT"


@pytest.fixture
def site() -> Iterator[Operated]:
    """In folders that PostgreSQL's own user may enter when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="tradehall-disaster-"))
    folder.chmod(0o711)
    one = Operated(folder)
    yield one
    one.kill()
    shutil.rmtree(folder, ignore_errors=True)


def publish(site: Operated, token: str, seed: int) -> str:
    """A notice with its attachment; the number under which it stands."""
    [record] = json.loads(site.get(f"/api/v1/exchange/data-sets/{NOTICE_SET}/example.json?n=1&seed={seed}"))["records"]
    text = base64.b64encode(f"附件 {seed}".encode()).decode()
    sent = {**record, "attachments": [{"name": "说明.txt", "content_base64": text}]}
    [receipt] = site.post("/api/v1/exchange/records", {"records": [sent]}, token)["receipts"]
    assert receipt["status"] == "accepted", receipt
    site.sent += 1
    return newest(site)


def newest(site: Operated) -> str:
    """The last of all notices, once the log has as many as were sent."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        items = json.loads(site.get("/api/v1/feed?after=0&wait=0"))["items"]
        found = [item["no"] for item in items if item["href"].startswith("/n/")]
        if len(found) == site.sent:
            return str(found[-1])
        time.sleep(0.1)
    raise AssertionError("the notice never came")


def proof(site: Operated, notice_no: str) -> bytes:
    return site.eventually(f"/n/{notice_no}/v/1/proof.json")


def followed(site: Operated, after: int = 0, name: str = "") -> tuple[str, int]:
    """The log's name and how far one has read, as a follower keeps both."""
    address = f"http://127.0.0.1:{site.port}/api/v1/feed?after={after}&wait=0"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Tradehall-Log": name}), timeout=30) as answer:
        return answer.headers["Tradehall-Log"], json.load(answer)["next"]


def report_event(site: Operated, token: str) -> None:
    """A secret act: it has a receipt and goes into a sealed batch."""
    [event] = json.loads(site.get(f"/api/v1/exchange/data-sets/{EVENT_SET}/example.json?n=1&seed=4"))["records"]
    [receipt] = site.post("/api/v1/exchange/records", {"records": [event]}, token)["receipts"]
    assert receipt["status"] == "accepted", receipt


def known(site: Operated, sql: str) -> set[object]:
    with site.database() as db:
        return {row[0] for row in db.execute(sql).fetchall()}


def test_every_act_before_the_second_and_none_after(site: Operated) -> None:
    site.start("--production")
    token = site.run("system", "add", "XT1", "--name", "系统", "--line", "works").splitlines()[0]
    first = publish(site, token, 1)
    assert "backup is whole" in site.run("backup")
    second = publish(site, token, 2)
    report_event(site, token)
    proofs = [proof(site, first), proof(site, second)]
    key = site.get("/log/key").decode()
    name, read_up_to = followed(site)
    assert name == "hall.test/log"
    time.sleep(1.1)
    chosen = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1)
    late = publish(site, token, 3)
    proof(site, late)
    assert (read_too_far := followed(site)[1]) > read_up_to
    assert site.kill() > 6
    shutil.rmtree(site.home)

    told = site.run("restore", "--from", str(site.archive), "--into", str(site.home), "--at", chosen.isoformat())
    assert told.splitlines()[-1] == "everything holds", told
    assert "2 documents against SHA-256 and SM3" in told and "1 receipts lead to their leaves" in told
    assert "goes on as hall.test/log/restored-" in told
    assert known(site, "select notice_no from tenders_notice") == {first, second}
    assert known(site, "select code from journal_entry where code = 'journal.restore_log'") == {"journal.restore_log"}
    for content in proofs:
        path = site.folder / "proof.json"
        path.write_bytes(content)
        assert site.run("verify", "proof", str(path), "--key", key).splitlines()[-1] == "verified"
    site.start("--production")
    assert key.strip() in site.get("/log/key").decode()
    with pytest.raises(urllib.error.HTTPError, match="410") as refused:
        followed(site, read_too_far, name)
    assert read_up_to <= int(refused.value.headers["Tradehall-After"]) < read_too_far
    assert followed(site, read_up_to, name)[0] != name
    assert json.loads(site.get(f"/notices.json?q={second}"))["total"] == 1
    assert verify_content(proof(site, first), site.get("/log/key").decode()).ok


def test_a_house_that_was_closed_in_order_moves_without_a_new_name(site: Operated) -> None:
    site.start("--production")
    site.run("system", "add", "XT1", "--name", "系统", "--line", "works")
    site.run("backup", "--keep", "1")
    key = site.get("/log/key")
    site.stop()
    shutil.rmtree(site.home)
    missing = site.run(
        "restore", "--from", str(site.archive), "--into", str(site.home), "--at", "2020-01-01T00:00:00Z", code=1
    )
    assert "nothing earlier can be restored" in missing
    ahead = site.run(
        "restore", "--from", str(site.archive), "--into", str(site.folder / "x"), "--at", "2099-01-01T00:00:00Z", code=1
    )
    assert "does not reach 2099" in ahead and "the last transaction before the end is of" in ahead
    told = site.run("restore", "--from", str(site.archive), "--into", str(site.home))
    assert "goes on under its name" in told and told.splitlines()[-1] == "everything holds"
    assert known(site, "select code from accounts_trading_system") == {"XT1"}
    assert "holds an instance already" in site.run(
        "restore", "--from", str(site.archive), "--into", str(site.home), code=1
    )
    assert PASSPHRASE.encode() not in b"".join(p.read_bytes() for p in site.archive.rglob("*.sealed"))
    site.start("--production")
    assert site.get("/log/key") == key
    assert len(list(site.archive.glob("*/wal"))) == 2, "a restored cluster is archived apart from the one it was"

"""The log as a whole: race, secrecy, append-only, clock, public answers, audit and witness."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from tradehall.crypto import merkle, notes, sealed_batch
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.crypto.verify import verify_content
from tradehall.journal import batches, bench_race, clock, keys, leaves, sealer, selectors, services, witness
from tradehall.journal.append_only import forbid_changes
from tradehall.journal.audit import audit
from tradehall.kernel.actor import Actor
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.ref import Ref

AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
CLERK = Actor("person", "7", "王经办")
pytestmark = pytest.mark.usefixtures("log_db")


def act(number: int = 1, **facts: object) -> int:
    with transaction.atomic():
        return services.record(code="t.act", by=CLERK, at=AT, subject=Ref("notice", f"N{number}", 1), facts=facts)


def secret(number: int = 1, until: datetime | None = None) -> services.SecretRecord:
    subject = Ref("bid", f"B{number}")
    with transaction.atomic():
        return services.record_secret(code="t.bid", by=CLERK, at=AT, subject=subject, facts={}, secret_until=until)


def sql(text: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        rows: list[tuple[object, ...]] = cursor.fetchall() if cursor.description else []
    return rows


def test_race_has_no_gap_and_no_inversion() -> None:
    found = bench_race.race(seconds=8, small=4, large=3)
    assert found.committed > 100 and found.rollbacks > 5 and not found.errors
    assert (found.missing, found.gaps, found.inversions) == (0, 0, 0)
    assert audit().ok


def test_a_recorder_that_is_still_inside_is_waited_for() -> None:
    horizon = sealer.Horizon()
    with sealer.open_connection() as own, sealer.open_connection() as other:
        with other.transaction():
            row = leaves.entry_row(code="t.a", by=CLERK, at=AT, subject=Ref("x", "1"), facts={}, salt=b"s")
            other.execute(services.INSERT_ENTRY, tuple(row))
            act(2)
            assert sealer.tick(own, horizon) == 0
        assert sealer.tick(own, horizon) == 2
        assert [e.subject_no for e in selectors.entries_after(0, 9)] == ["1", "N2"]


def test_a_transaction_that_recorded_nothing_stalls_nobody() -> None:
    with sealer.open_connection() as other, other.transaction():
        other.execute("select pg_current_xact_id()")
        act()
        assert sealer.seal_pending() == 1


def test_own_uncommitted_entries_can_be_sealed() -> None:
    with transaction.atomic():
        entry = act()
        sealer.seal_pending()
        assert selectors.position_of(entry) == selectors.position_of(Ref("notice", "N1", 1)) == 1


def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        services.record(code="t.a", by=CLERK, at=AT, subject=Ref("x", "1"), facts={})


def test_body_is_canonical_and_hides_the_actor() -> None:
    act(1, 标题="道路")
    sealer.seal_pending()
    body = selectors.entries_after(0, 1)[0].body
    assert canonical_json(json.loads(body)).decode() == body
    assert "王经办" not in body and "person" not in body
    other = leaves.entry_body(code="t.act", by=CLERK, at=AT, subject=Ref("notice", "N1", 1), facts={}, salt=b"other")
    assert other[other.index('"by"') :][:70] != body[body.index('"by"') :][:70]


def observed(secrets_made: int) -> tuple[list[int], list[str], int, list[object]]:
    """What a watcher sees of a run: sizes, codes, count, ids of entries."""
    before = selectors.last_position()
    first_id = sql("select coalesce(max(id), 0) from journal_entry")[0][0]
    for beat in range(4):
        act(beat)
        for number in range(secrets_made):
            secret(number)
        batches.write_batch_now()
        sealer.seal_pending()
    seen = selectors.entries_after(before, 99)
    ids = sql(f"select id - {first_id} from journal_entry where id > {first_id} order by id")
    return [len(e.body) for e in seen], [e.code for e in seen], len(seen), ids


def test_secret_acts_do_not_show() -> None:
    quiet, busy = observed(0), observed(30)
    assert quiet == busy
    assert sql("select count(*) from journal_secret_queue") == [(0,)]


def test_overflow_waits_a_beat() -> None:
    for number in range(70):
        secret(number)
    batches.write_batch_now()
    assert sql("select count(*) from journal_secret_queue") == [(6,)]


def test_a_receipt_leads_through_the_batch_into_the_log() -> None:
    given = secret()
    client = Client()
    assert client.get(f"/log/receipt/{given.receipt_no}").status_code == 404
    batches.write_batch_now()
    sealer.seal_pending()
    proof = selectors.receipt_proof(given.receipt_no)
    assert proof and proof.entry and proof.slot is not None and proof.batch_hashes
    root = bytes.fromhex(json.loads(proof.entry.leaf)["facts"]["root"])
    assert sealed_batch.verify(given.leaf_hash, proof.slot, proof.batch_hashes, root)
    assert selectors.receipt_proof("S0000000000000000") is None


def test_a_secret_opens_when_its_time_has_come() -> None:
    services.enable_movable_clock()
    until = clock.platform_now() + timedelta(hours=1)
    given = secret(until=until)
    batches.write_batch_now()
    sealer.seal_pending()
    no = sql("select max(no) from journal_batch")[0][0]
    before = Client().get(f"/log/batch/{no}").json()
    assert before["opened"] == [] and len(before["leaves"]) == 64
    services.set_platform_clock(timedelta(hours=2))
    after = Client().get(f"/log/batch/{no}").json()
    [opened] = after["opened"]
    assert merkle.leaf_hash(base64.b64decode(opened["leaf"])) == given.leaf_hash
    assert base64.b64encode(given.leaf_hash).decode() == after["leaves"][opened["slot"]]
    assert Client().get("/log/batch/999999").status_code == 404


TABLES = ["journal_entry", "journal_seal", "log_node", "log_checkpoint", "journal_secret", "journal_batch"]


@pytest.mark.parametrize("table", TABLES)
def test_history_cannot_be_changed(table: str) -> None:
    column = {"log_node": "hash", "log_checkpoint": "root", "journal_batch": "root"}.get(table, "leaf")
    for attempt in (f"update {table} set {column} = {column}", f"delete from {table}", f"truncate {table} cascade"):
        with pytest.raises(DatabaseError, match="only grows"):
            sql(attempt)
    with pytest.raises(ValueError):
        forbid_changes("x; drop")


def test_a_leaf_must_be_of_its_body() -> None:
    row = services.entry_row(code="t.a", by=CLERK, at=AT, subject=Ref("x", "1"), facts={})
    with pytest.raises(DatabaseError, match="leaf_is_of_body"), connection.cursor() as cursor:
        cursor.execute(services.INSERT_ENTRY, (*row[:-1], b"0" * 32))


def test_a_production_clock_cannot_be_moved() -> None:
    assert not clock.is_movable()
    with pytest.raises(DatabaseError):
        services.set_platform_clock(timedelta(days=1))
    assert abs(clock.platform_now() - datetime.now(UTC)) < timedelta(seconds=5)
    services.enable_movable_clock()
    services.set_platform_clock(timedelta(days=21))
    assert clock.platform_now() - datetime.now(UTC) > timedelta(days=20)


def test_every_pair_of_sizes_is_consistent() -> None:
    for number in range(1, 23):
        act(number)
        sealer.seal_pending()
    hashes = [merkle.leaf_hash(leaf) for _, leaf in selectors.leaves_from(0, 99)]
    for second in range(1, 23):
        for first in range(1, second + 1):
            path = selectors.consistency_proof(first, second)
            roots = merkle.root(hashes[:first]), merkle.root(hashes[:second])
            assert merkle.verify_consistency(first, second, path, *roots)
        for index in range(second):
            path = selectors.inclusion_proof(index, second).hashes
            assert merkle.verify_inclusion(hashes[index], index, second, path, merkle.root(hashes[:second]))


@pytest.mark.parametrize(
    ("address", "status"),
    [("key", 200), ("checkpoint", 200), ("entries?from=0", 200), ("entries?from=3", 200), ("entries?from=4", 404),
     ("entries", 400), ("entries?from=-1", 400), ("entries?from=0&limit=0", 400), ("entries?from=0&limit=1001", 400),
     ("entries?from=0&x=1", 400), ("key?x=1", 400), ("entries?from=0&from=1", 400), ("entries?from=٣", 400),
     ("proof/inclusion?index=0&size=3", 200), ("proof/inclusion?index=3&size=3", 400),
     ("proof/inclusion?index=0&size=4", 404), ("proof/inclusion?index=0", 400),
     ("proof/consistency?first=3&second=3", 200), ("proof/consistency?first=0&second=3", 400),
     ("proof/consistency?first=3&second=2", 400), ("proof/consistency?first=4&second=4", 404),
     ("proof/consistency?first=1&second=99999999999999999", 400), ("receipt/S1", 404)],
)  # fmt: skip
def test_public_answers(address: str, status: int) -> None:
    for number in range(3):
        act(number)
    sealer.seal_pending()
    answer = Client().get(f"/log/{address}")
    assert answer.status_code == status
    if status != 200:
        assert set(answer.json()) == {"code", "message", "request_id"}


def test_a_notice_proof_is_verified() -> None:
    notice = {"notice_no": "N1", "version": 1, "title": "道路"}
    text = canonical_json(notice)
    act(1, digest_sha256=sha256_hex(text), digest_sm3=sm3_hex(text))
    assert selectors.notice_proof_file(Ref("notice", "N1", 1), notice) is None
    sealer.seal_pending()
    proof = selectors.notice_proof_file(Ref("notice", "N1", 1), notice)
    assert proof and verify_content(proof, keys.signer().key.text).ok


def test_audit_finds_what_an_owner_forged() -> None:
    for number in range(9):
        act(number)
    sealer.seal_pending()
    assert audit().ok and audit().entries == 9
    sql("alter table log_node disable trigger user")
    sql("update log_node set hash = sha256('x') where level = 2 and idx = 1")
    assert "(2, 1)" in audit().differences[0]


@pytest.fixture
def site(log_db: None) -> Iterator[str]:
    """The real application on a loopback port."""
    quiet = type("Quiet", (WSGIRequestHandler,), {"log_message": lambda *_: None})
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_witness_signs_growth_and_refuses_a_fork(site: str, tmp_path: Path, settings: Settings) -> None:
    act(1)
    sealer.seal_pending()
    assert witness.cosign(site, tmp_path / "w").from_size == 0
    act(2)
    sealer.seal_pending()
    signed = witness.cosign(site, tmp_path / "w")
    assert (signed.from_size, signed.size) == (1, 2)
    assert notes.signed_by(notes.parse_note(signed.note), notes.parse_key(signed.key))
    memory = tmp_path / "w" / "seen.json"
    seen = {"key": keys.signer().key.text, "root": notes.encode64(b"0" * 32)}
    memory.write_text(json.dumps(seen | {"size": 1}))
    with pytest.raises(witness.WitnessRefusal, match="rewritten"):
        witness.cosign(site, tmp_path / "w")
    memory.write_text(json.dumps(seen | {"size": 9}))
    with pytest.raises(witness.WitnessRefusal, match="shrank"):
        witness.cosign(site, tmp_path / "w")

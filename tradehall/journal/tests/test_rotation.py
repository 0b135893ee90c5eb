"""rotate_log_key and restore_log: who signs when, what stays verifiable, and what a witness is told."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import Client

from tradehall.crypto import notes, receipts, sm2
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.crypto.notes import Note
from tradehall.crypto.verify import verify_content
from tradehall.journal import batches, keys, rotation, sealer, selectors, services, witness
from tradehall.journal.audit import audit
from tradehall.journal.receipt_audit import audit_receipts
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Refusal

pytestmark = pytest.mark.usefixtures("log_db")
AT = datetime(2026, 9, 18, 9, tzinfo=UTC)
CLERK = Actor("person", "1", "张三", "91110000MA0000000X", frozenset({"centre"}))
NOTICE = {"notice_no": "N1", "version": 1, "title": "道路"}


def publish() -> bytes:
    """An act about a notice, sealed; its proof as a citizen downloads it."""
    text = canonical_json(NOTICE)
    facts = {"digest_sha256": sha256_hex(text), "digest_sm3": sm3_hex(text)}
    with transaction.atomic():
        services.record(code="tenders.publish_notice", by=PLATFORM, at=AT, subject=Ref("notice", "N1", 1), facts=facts)
    sealer.seal_pending()
    made = selectors.notice_proof_file(Ref("notice", "N1", 1), NOTICE)
    assert made
    return made


def rotate(overlap: timedelta = timedelta(days=7)) -> None:
    rotation.rotate_log_key(by=PLATFORM, at=AT, overlap=overlap)
    sealer.seal_pending()


def newest() -> Note:
    head = selectors.checkpoint()
    assert head
    return notes.parse_note(head.note)


def offered() -> str:
    return Client().get("/log/key").content.decode()


def test_both_keys_sign_while_they_overlap_and_the_log_says_so() -> None:
    old = keys.signer().key
    before = publish()
    rotate()
    new = keys.signer().key
    assert new.text != old.text and new.name == old.name
    assert notes.signed_by(newest(), old) and notes.signed_by(newest(), new)
    assert offered().splitlines() == [new.text, old.text]
    [act] = selectors.entries_after(0, 10, ["journal.rotate_log_key"])
    assert json.loads(act.body)["facts"]["keys"] == [new.text]
    for pinned in (old.text, f"{old.text}\n{new.text}", offered()):
        assert verify_content(before, pinned).ok
        assert verify_content(publish(), pinned).ok
    assert not verify_content(before, new.text).ok, "the new key never signed that"
    assert audit().ok


def test_a_stolen_key_ends_at_once_and_what_it_signed_stays() -> None:
    old = keys.signer().key
    before = publish()
    rotate(timedelta(0))
    after = publish()
    assert not notes.signed_by(newest(), old) and notes.signed_by(newest(), keys.signer().key)
    assert verify_content(before, old.text).ok and not verify_content(after, old.text).ok
    assert verify_content(after, keys.signer().key.text).ok and verify_content(after, offered()).ok
    assert verify_content(before, local_key=Path(keys.generations()[0].path()).with_name("log.vkey").read_text()).ok
    assert audit().ok


def test_a_key_is_rotated_again_and_again() -> None:
    texts = {keys.signer().key.text}
    for _ in range(3):
        rotate()
        texts.add(keys.signer().key.text)
    assert len(texts) == 4 and set(offered().splitlines()) == texts
    assert len(newest().signatures) == 4
    rotate(timedelta(0))
    assert len(newest().signatures) == 1, "who is told to end ends, whatever he was promised before"
    assert audit().ok


def test_the_national_key_changes_with_it(settings: Any) -> None:
    settings.NATIONAL_SUITE = True
    before = publish()
    old = [line for line in offered().splitlines() if notes.parse_key(line).algorithm == notes.NATIONAL]
    rotate(timedelta(0))
    after = publish()
    new = [line for line in offered().splitlines() if notes.parse_key(line).algorithm == notes.NATIONAL]
    assert len(new) == 2 and new[1:] == old
    assert verify_content(before, old[0]).ok and not verify_content(after, old[0]).ok
    assert verify_content(after, new[0]).ok and verify_content(before, offered()).ok
    assert sm2.public_point_of(sm2.load_private_key(Path(keys.generations()[1].path("-sm2")).read_bytes()))


def test_receipts_are_signed_with_the_logs_key_so_they_rotate_with_it() -> None:
    def given() -> bytes:
        told: dict[str, Any] = {
            "receipt_no": "S0123456789ABCDEF",
            "lot_no": "L1",
            "received_at": "2026-09-18T09:00:00Z",
        }
        digests: dict[str, Any] = {"sha256": "a" * 64, "sm3": "b" * 64, "size": 1, "leaf_hash": b"l" * 32}
        return canonical_json(receipts.sign_receipt(**told, **digests, signer=keys.signer()))

    first, old = given(), keys.signer().key.text
    rotate(timedelta(0))
    assert verify_content(first, old).ok and verify_content(first, offered()).ok
    assert not verify_content(given(), old).ok and verify_content(given(), offered()).ok


def test_who_may_not_and_for_how_long_not() -> None:
    with pytest.raises(NotVisible):
        rotation.rotate_log_key(by=CLERK, at=AT, overlap=timedelta(0))
    with pytest.raises(NotVisible):
        rotation.restore_log(by=CLERK, at=AT, told={})
    for overlap in (timedelta(days=-1), timedelta(days=400)):
        with pytest.raises(Refusal, match="366"):
            rotation.rotate_log_key(by=PLATFORM, at=AT, overlap=overlap)
    assert len(keys.generations()) == 1 and selectors.unsealed() == 0


def test_a_ring_that_cannot_be_read_is_never_replaced() -> None:
    rotate()
    ring = Path(keys.generations()[0].path()).with_name(keys.RING)
    for content in ("[]", "{", '[{"no": 2}]'):
        ring.write_text(content)
        with pytest.raises(RuntimeError, match="put the backup back"):
            keys.generations()


@pytest.fixture
def site() -> Iterator[str]:
    """The real application on a loopback port."""
    quiet = type("Quiet", (WSGIRequestHandler,), {"log_message": lambda *_: None})
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_restored_log_goes_on_under_a_new_name_and_a_witness_is_not_deceived(site: str, tmp_path: Path) -> None:
    before, old = publish(), keys.signer().key
    witness.cosign(site, tmp_path / "w")
    rotation.restore_log(by=PLATFORM, at=AT, told={"to": "2026-09-18T09:00:00+00:00", "size": 1})
    sealer.seal_pending()
    new = keys.signer().key
    assert new.name.startswith(f"{old.name}/restored-") and newest().text.startswith(f"{new.name}\n2\n")
    assert not notes.signed_by(newest(), old), "the old name must never state two trees"
    assert verify_content(before, old.text).ok and verify_content(publish(), new.text).ok
    assert "is of" in verify_content(publish(), old.text).reason
    [act] = selectors.entries_after(0, 10, ["journal.restore_log"])
    facts = json.loads(act.body)["facts"]
    assert (facts["origin_before"], facts["keys_before"], facts["size"]) == (old.name, [old.text], 1)
    with pytest.raises(witness.WitnessRefusal, match="restored"):
        witness.cosign(site, tmp_path / "w")
    assert witness.cosign(site, tmp_path / "new").size == 4
    assert audit().ok


def test_a_rotated_log_tells_its_witness_and_goes_on_when_he_trusts_the_next_key(site: str, tmp_path: Path) -> None:
    publish()
    witness.cosign(site, tmp_path / "w")
    rotate()
    assert witness.cosign(site, tmp_path / "w").size == 2, "the old key still signs"
    rotate(timedelta(0))
    with pytest.raises(witness.WitnessRefusal, match="--trust"):
        witness.cosign(site, tmp_path / "w")
    signed = witness.cosign(site, tmp_path / "w", trust=keys.signer().key.text)
    assert (signed.from_size, signed.size) == (2, 3)
    assert witness.cosign(site, tmp_path / "w").from_size == 3


def test_receipts_lead_to_their_leaves_or_are_told() -> None:
    with transaction.atomic():
        entry = services.record(code="a.b", by=PLATFORM, at=AT, subject=Ref("lot", "L"), facts={})
        services.give_receipt(entry)
        secret = services.record_secret(
            code="a.c", by=PLATFORM, at=AT, subject=Ref("lot", "L"), facts={}, secret_until=None
        )
    assert (audit_receipts().receipts, audit_receipts().waiting) == (2, 2)
    batches.write_batch_now()
    sealer.seal_pending()
    assert (audit_receipts().receipts, audit_receipts().waiting, audit_receipts().differences) == (2, 0, [])
    with connection.cursor() as cursor:
        cursor.execute("alter table journal_batch_place disable trigger user")
        cursor.execute("update journal_batch_place set slot = (slot + 1) %% 64 where secret_id = %s", (secret.id,))
    assert secret.receipt_no in audit_receipts().differences[0]

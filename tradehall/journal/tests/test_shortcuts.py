"""What is remembered or prepared for speed: never believed for too long, and never out of sight."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tradehall.crypto import merkle
from tradehall.journal import appending, sealer, services
from tradehall.journal.audit import audit
from tradehall.journal.tests.test_log import AT, CLERK, act, secret, sql
from tradehall.kernel.ref import Ref

pytestmark = pytest.mark.usefixtures("log_db")
PREPARED = "select count(*) from pg_prepared_statements where statement like '%journal_entry%'"


def later_act(number: int) -> None:
    """As acts are: they have read or locked something before they record."""
    with transaction.atomic():
        sql("select 1")
        act(number)


def _highest() -> int:
    return int(str(sql("select max(id) from journal_entry")[0][0]))


def test_a_remembered_edge_is_dropped_when_its_batch_was_rolled_back() -> None:
    edge = appending.Edge()
    with sealer.open_connection() as own:
        act(1)
        assert appending.append_batch(own, _highest(), edge=edge) == 1
        act(2)
        with own.transaction() as undone:
            assert appending.append_batch(own, _highest(), edge=edge) == 1
            raise psycopg.Rollback(undone)
        act(3)
        for one in (None, edge):  # somebody else seals to the very size that was rolled back; then the edge goes on
            assert appending.append_batch(own, _highest(), limit=1, edge=one) == 1
    assert audit().ok and audit().entries == 3


def test_an_edge_is_not_believed_after_its_batch_broke_off(monkeypatch: pytest.MonkeyPatch) -> None:
    edge = appending.Edge()
    with sealer.open_connection() as own:
        for number in range(3):
            act(number)
        appending.append_batch(own, _highest(), edge=edge)
        act(4)
        with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
            broken.setattr(appending.keys, "signers", lambda: [1 // 0])
            appending.append_batch(own, _highest(), edge=edge)
        assert appending.append_batch(own, _highest(), edge=edge) == 1
    assert audit().ok and audit().entries == 4


def test_every_size_grows_by_every_batch_to_the_same_tree() -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(40)]
    for first in range(40):
        frontier: appending.Frontier = {}
        made = [
            appending.grow(frontier, 0, b"".join(leaves[:first])),
            appending.grow(frontier, first, b"".join(leaves[first:])),
        ]
        assert merkle.fold([frontier[level] for level in sorted(frontier, reverse=True)]) == merkle.root(leaves)
        assert sum(map(len, made)) == 32 * sum(40 >> level for level in range(1, 6))


def test_a_sealer_that_was_overtaken_appends_the_next_batch() -> None:
    with sealer.open_connection() as own, sealer.open_connection() as other:
        act(1)
        act(2)
        with other.transaction():
            stale = appending._waiting(own, _highest(), 1)
            assert appending.append_batch(other, _highest(), limit=1) == 1
        size, last_id, _, highest, ids, leaves = stale
        batch = {"size": size, "last_id": last_id, "highest": highest, "ids": ids, "leaves": leaves}
        late = own.execute(appending.APPEND, {**batch, **appending._grown(appending.Edge(), size, leaves)}).fetchall()
        assert late == [] and sql("select count(*) from journal_seal") == [(1,)]
        assert appending.append_batch(own, _highest()) == 1
    assert audit().ok and audit().entries == 2


def test_a_record_is_prepared_on_its_second_time_and_again_after_a_reconnect() -> None:
    for _ in range(2):
        connection.close()
        later_act(1)
        assert sql(PREPARED) == [(0,)]
        later_act(2)
        assert sql(PREPARED) == [(1,)]
        later_act(3)
    assert sql("select count(*) from journal_entry") == [(6,)]


def test_a_prepared_record_is_counted_and_fails_as_any_statement_does() -> None:
    later_act(1)
    later_act(2)
    with CaptureQueriesContext(connection) as seen:
        later_act(2)
    assert sum("insert into journal_entry" in one["sql"] for one in seen.captured_queries) == 1
    sql("alter table journal_entry add constraint refused check (code <> 't.act') not valid")
    with pytest.raises(IntegrityError, match="refused"):
        later_act(3)


def test_what_goes_the_short_way_is_what_goes_the_long_way() -> None:
    for _ in range(3):
        with transaction.atomic():
            sql("select 1")
            secret(until=AT)
            services.record(
                code="t.act", by=CLERK, at=AT, subject=Ref("notice", "中文", None), facts={"a": "引号'\\\"\n"}
            )
    assert len(sql("select distinct body, leaf, at, subject_no, subject_version from journal_entry")) == 1
    assert len(sql("select distinct secret_until, at, subject_kind from journal_secret")) == 1

"""Whether what the log and the tables name still exists: subjects of entries, files on disk. It repairs nothing."""

from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

Database = psycopg.Connection[tuple[object, ...]]
# Kind of an entry's subject → the table that holds the record, and how an entry `e` names a row `t` of it.
SUBJECTS = {
    "notice": ("tenders_notice", "t.notice_no = e.subject_no and t.version = e.subject_version"),
    "project": ("tenders_project", "t.project_no = e.subject_no"),
    "lot": ("tenders_lot", "t.lot_no = e.subject_no"),
    "file": ("documents_file", "t.sha256 = e.subject_no"),
    "standing": ("parties_standing", "t.standing_no = e.subject_no"),
}
DANGLING = """
select count(*), min(e.subject_no) from journal_entry e
 where e.subject_kind = {kind} and not exists (select from {table} t where {match})
"""
UNRECORDED = """
select count(*), min(t.notice_no) from tenders_notice t where not exists (
    select from journal_entry e
     where e.subject_kind = 'notice' and e.subject_no = t.notice_no and e.subject_version = t.version)
"""


def dangling(db: Database) -> Iterable[str]:
    """Entries about records that are gone, and notices that the log does not know."""
    for kind, (table, match) in SUBJECTS.items():
        if not (exists(db, "journal_entry") and exists(db, table)):
            continue
        query = sql.SQL(DANGLING).format(kind=kind, table=sql.Identifier(table), match=sql.SQL(match))
        count, example = _pair(db, query)
        if count:
            yield f"{count} log entries name a {kind} that does not exist, {example} among them: restore a backup."
    if exists(db, "journal_entry") and exists(db, "tenders_notice"):
        count, example = _pair(db, sql.SQL(UNRECORDED))
        if count:
            yield f"{count} notice versions are not in the log, {example} among them: they cannot be proved."


def missing_files(db: Database, folder: Path) -> Iterable[str]:
    if exists(db, "documents_file"):
        known = [str(digest) for (digest,) in db.execute("select sha256 from documents_file order by 1")]
        lost = [one for one in known if not (folder / "files" / one[:2] / one[2:4] / one).is_file()]
        if lost:
            yield f"{len(lost)} stored files are not in {folder / 'files'}, {lost[0]} among them: restore a backup."


def exists(db: Database, table: str) -> bool:
    return db.execute("select to_regclass(%s) is not null", (table,)).fetchone() == (True,)


def _pair(db: Database, query: sql.SQL | sql.Composed) -> tuple[int, str]:
    row = db.execute(query).fetchone() or (0, "")
    return int(str(row[0])), str(row[1])

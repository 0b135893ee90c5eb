"""The system's own store: who is in, what it pushed, what it received. One SQLite file, one connection a thread."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

TABLES = """
pragma journal_mode = wal;
create table if not exists person (cookie text primary key, sid text not null, sub text not null, claims text not null,
  tokens text not null);
create table if not exists asked (state text primary key, nonce text not null, verifier text not null, at real not null);
create table if not exists seen (id text primary key, at real not null);
create table if not exists received (position integer primary key, item text not null, way text not null);
create table if not exists pushed (id integer primary key, data_set text not null, receipt text not null);
create table if not exists kept (name text primary key, value text not null);
"""


class Store:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()
        self._own().executescript(TABLES)

    def run(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._own() as connection:
            return connection.execute(sql, values).fetchall()

    def first_time(self, name: str, at: float) -> bool:
        """True once for each name: a logout token or a webhook message is taken in once, however often it comes."""
        with self._own() as connection:
            return connection.execute("insert or ignore into seen values (?, ?)", (name, at)).rowcount == 1

    def keep(self, name: str, value: Any) -> None:
        self.run("insert or replace into kept values (?, ?)", name, json.dumps(value))

    def kept(self, name: str, otherwise: Any = None) -> Any:
        found = self.run("select value from kept where name = ?", name)
        return json.loads(found[0]["value"]) if found else otherwise

    def _own(self) -> sqlite3.Connection:
        if not hasattr(self._threads, "connection"):
            self._threads.connection = sqlite3.connect(self._path, timeout=10)
            self._threads.connection.row_factory = sqlite3.Row
        connection: sqlite3.Connection = self._threads.connection
        return connection

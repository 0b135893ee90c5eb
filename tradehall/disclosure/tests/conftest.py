"""A database as the application sees it, which owns nothing."""

import secrets

import pytest
from django.db import connection

from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.tenders.services import record_notices

from .reports import AT, report

APP, PASSWORD = "tradehall_app", secrets.token_hex(8)
GRANTS = f"""
grant usage on schema public to {APP};
grant select, insert, update, delete on all tables in schema public to {APP};
grant usage, select on all sequences in schema public to {APP};
"""


@pytest.fixture
def as_application(committed_db: str) -> None:
    """Thirty sealed notices, then everything as the role that owns nothing."""
    record_notices([report(number) for number in range(30)], by=PLATFORM, at=AT)
    seal_pending()
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [APP])
        if not cursor.fetchone():
            cursor.execute(f"create role {APP} login password '{PASSWORD}'")
        cursor.execute(f"grant execute on all functions in schema public to {APP}")
        cursor.execute(GRANTS)
    connection.close()
    connection.settings_dict.update(USER=APP, PASSWORD=PASSWORD)

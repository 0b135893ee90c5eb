"""`tradehall migrate`: the schema as the owner, then the application's rights, then the static files.

A database that is new and a demonstration gets a clock that can be moved; one that holds anything never gets it.
"""

import argparse
import os

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from tradehall.config.house import production
from tradehall.config.house.roles import grant_to_application
from tradehall.journal.services import enable_movable_clock

# Hosts that start at once take turns (any number that no other advisory lock of ours has).
MIGRATING = 7531


def run(arguments: argparse.Namespace) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [MIGRATING])  # let go of by the end of this process
    tables = connection.introspection.table_names()
    production.refuse_other_kind(tables, os.environ.get(production.EXPECTED) or "")
    is_new = "django_migrations" not in tables
    call_command("migrate", interactive=False, verbosity=0)
    if is_new and settings.KIND == "demo":
        enable_movable_clock()
    app = os.environ.get("TRADEHALL_APP_URL")
    if app:
        grant_to_application(os.environ["DATABASE_URL"], str(conninfo_to_dict(app).get("user") or ""))
    call_command("collectstatic", interactive=False, verbosity=0)
    return 0

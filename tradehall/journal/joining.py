"""Whether the keys of this host are those of the log: several hosts write one log, and all need the very same keys.

Judges by the salt of commitments alone, which is made once and never changes. Asked when a host starts.
"""

import os

from django.conf import settings
from django.db import connection

from tradehall.crypto.digests import sha256_hex
from tradehall.journal import keys

NOTE = "insert into journal_salt (fingerprint) values (%s) on conflict do nothing"


def complaint() -> str:
    """Why this host must not write, in words; nothing when it may. The first host that asks leaves its mark."""
    folder = f"{settings.HOME}/keys"
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from journal_entry)")
        if cursor.fetchone()[0] and not os.path.exists(f"{folder}/journal.salt"):
            return (
                f"This database holds a log already, and {folder} has none of its keys. Make it the folder that the other "
                "hosts use, or put the backup of the keys there; nothing was started and no key was made."
            )
        own = sha256_hex(b"journal.salt\0" + keys.commitment_salt())
        cursor.execute(NOTE, [own])
        cursor.execute("select fingerprint from journal_salt")
        if cursor.fetchone()[0] != own:
            return (
                f"The keys in {folder} belong to another log than this database. Make it the folder that the other hosts "
                "use; nothing was started."
            )
    return ""

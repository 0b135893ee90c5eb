"""Secrets by file: every variable that holds a secret may be given as NAME_FILE instead, and is read once, at the start.

Refuses both at once, a file that is not there or empty, and one that everybody on this machine may read.
"""

import re
import stat
from collections.abc import MutableMapping
from pathlib import Path

from tradehall.config.house.instance import HouseError

SECRET = re.compile(r"DATABASE_(?:\w+_)?URL|TRADEHALL_\w*(?:SECRET|PASSWORD|PASSPHRASE|TOKEN|KEY|KEYS)")
# Their readers want the path itself; only the file's rights are judged here.
READ_ELSEWHERE = {"TRADEHALL_MAIL_PASSWORD", "TRADEHALL_HALL_OIDC_CLIENT_SECRET", "TRADEHALL_COLUMN_KEYS"}
MADE_WHEN_MISSING = {"TRADEHALL_COLUMN_KEYS"}
READ = "TRADEHALL_SECRETS_READ"  # by whoever started this process: its children have the contents already


def load(environ: MutableMapping[str, str]) -> None:
    """Puts the contents where everybody looks for them; all complaints at once."""
    done = set(environ.get(READ, "").split())
    names = sorted(name.removesuffix("_FILE") for name, path in environ.items() if name.endswith("_FILE") and path)
    names = [name for name in names if SECRET.fullmatch(name) and name not in done]
    found = [text for name in names for text in _complaints(name, environ)]
    if found:
        raise HouseError("\n".join(found))
    for name in set(names) - READ_ELSEWHERE:
        environ[name] = Path(environ[f"{name}_FILE"]).read_text("utf-8").strip()
        done.add(name)
    if done:
        environ[READ] = " ".join(sorted(done))


def _complaints(name: str, environ: MutableMapping[str, str]) -> list[str]:
    if name not in READ_ELSEWHERE and environ.get(name):
        return [f"{name} and {name}_FILE are both set: keep one of them, the file."]
    path = Path(environ[f"{name}_FILE"])
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        return [] if name in MADE_WHEN_MISSING else [f"{name}_FILE names {path}, which is not there."]
    except OSError as error:
        return [f"{name}_FILE names {path}, which cannot be read: {error.strerror}."]
    if not content.strip():
        return [f"{name}_FILE names {path}, which is empty."]
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        return [f"{name}_FILE names {path}, which everybody on this machine may read: run `chmod 640 {path}`."]
    return []

"""`make status`: which requirement is held by which test, from docs/requirements.toml. Plain Python, no database."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    path = ROOT / "docs" / "requirements.toml"
    if not path.exists():
        sys.stdout.write("docs/requirements.toml is missing\n")
        return 1
    held = broken = 0
    for name, test in sorted(flat(tomllib.loads(path.read_text())).items()):
        is_there = exists(test)
        held, broken = held + is_there, broken + (bool(test) and not is_there)
        sys.stdout.write(f"{'holds' if is_there else 'MISSING' if test else 'open':8} {name:14} {test}\n")
    sys.stdout.write(f"{held} held, {broken} name a test that does not exist\n")
    return 1 if broken else 0


def flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    """Tables nest (`[seed] X1 = …`), values are a test's address or a list of them."""
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}:")
        else:
            found[prefix + name] = value[0] if isinstance(value, list) and value else str(value or "")
    return found


def exists(test: str) -> bool:
    file, _, function = test.partition("::")
    path = ROOT / file
    return bool(test) and path.is_file() and (not function or f"def {function.partition('[')[0]}(" in path.read_text())


if __name__ == "__main__":
    sys.exit(main())

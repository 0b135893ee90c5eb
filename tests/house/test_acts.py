"""Every act has a name, a label, people who may do it, and a test that names it."""

import re
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "tradehall"
CODE = re.compile(rf'"((?:{"|".join(settings.APPS)})\.[a-z_]+)"')
WRITTEN = re.compile(r"\b(?:code=|ACT = |CODE = |ACTS? = |[A-Z_]+ = )" + CODE.pattern)
BENCHES = {"journal.bench_act", "journal.race"}


def sources() -> list[Path]:
    return [path for path in APPS.rglob("*.py") if "tests" not in path.parts and "migrations" not in path.parts]


def listed() -> dict[str, dict[str, object]]:
    """Those of the stages stand together; a line brings its own in its `line.toml`."""
    files = [APPS / "journal/acts.toml", *sorted(APPS.glob("*/line.toml"))]
    return {code: act for path in files for code, act in tomllib.loads(path.read_text())["acts"].items()}


def test_every_recorded_act_is_listed() -> None:
    found = {match for path in sources() for match in WRITTEN.findall(path.read_text())}
    assert found - BENCHES - set(listed()) == set()


def test_every_listed_act_has_label_and_people() -> None:
    for code, act in listed().items():
        assert act["label"] and act["by"], code


def test_every_act_is_named_in_a_test() -> None:
    texts = "\n".join(path.read_text() for path in APPS.rglob("tests/*.py")) + "\n".join(
        p.read_text() for p in ROOT.glob("tests/*.py")
    )
    names = {code: code.partition(".")[2] for code in listed()} | {"journal.seal_batch": "sealed_batch"}
    unnamed = [code for code, name in names.items() if name not in texts]
    assert unnamed == []

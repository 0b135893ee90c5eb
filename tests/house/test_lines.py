"""A line of trade is data and one thin app: the fifth shows that nothing else has to know it (docs/adding-a-line.md)."""

import tomllib
from pathlib import Path

import grimp
import pytest
from django.conf import settings

from tradehall.reference.lines import lines

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "tradehall"
MOST_LINES = 300
LINES = sorted(path.parent.name for path in APPS.glob("*/line.toml"))


def test_what_is_installed_is_what_is_there() -> None:
    assert LINES == sorted(line.code for line in lines()) == sorted(set(LINES) & set(settings.APPS))
    assert "carbon" in LINES


@pytest.mark.parametrize("line", LINES)
def test_nobody_imports_a_line(line: str) -> None:
    graph = grimp.build_graph("tradehall", include_external_packages=False)
    own = {f"tradehall.{line}", *graph.find_descendants(f"tradehall.{line}")}
    strangers = {
        importer
        for module in own
        for importer in graph.find_modules_that_directly_import(module)
        if importer not in own
    }
    assert {
        one for one in strangers if not one.startswith(("tradehall.config.demo", "tradehall.config.tests"))
    } == set()


def test_the_fifth_line_is_named_nowhere_outside_it() -> None:
    code = [path for path in APPS.rglob("*.py") if not {"carbon", "demo", "tests"} & set(path.parts)]
    naming = [path for path in code if '"carbon"' in path.read_text() or "tradehall.carbon" in path.read_text()]
    assert [str(path.relative_to(APPS)) for path in naming] == ["config/settings.py"]


def test_a_line_is_thin() -> None:
    written = [path for path in (APPS / "carbon").rglob("*.py") if "tests" not in path.parts]
    assert sum(path.read_text().count("\n") for path in written) < MOST_LINES
    stated = tomllib.loads((APPS / "carbon/line.toml").read_text())
    assert [one["name"] for one in stated["data_sets"]] == [
        "DEA_CARBON_QUOTA_SELL_ANNO",
        "DEA_CARBON_QUOTA_SELL_RESULT",
    ]

"""Documents that are generated or that name tests must be true."""

import tomllib
from pathlib import Path

from tests.house import status
from tradehall.procedures.index import law_index
from tradehall.procedures.loading import definition_files, load_files, load_register

ROOT = Path(__file__).resolve().parents[2]


def test_the_index_of_law_is_the_register() -> None:
    assert (ROOT / "docs/law/index.md").read_text() == law_index(load_register(), load_files(definition_files()))


def test_every_requirement_names_a_test_that_exists() -> None:
    named = status.flat(tomllib.loads((ROOT / "docs/requirements.toml").read_text()))
    assert [name for name, test in named.items() if test and not status.exists(test)] == []


def test_the_readme_is_short_and_has_its_twin() -> None:
    assert (ROOT / "README.md").read_text().count("\n") < 100
    assert (ROOT / "README.zh-CN.md").is_file()

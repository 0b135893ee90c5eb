"""The budgets of the house: short functions, short files, imports at the top, no signals, no generic keys."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import quantiles
from tokenize import COMMENT, tokenize

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = chain((ROOT / "tradehall").rglob("*.py"), (ROOT / "tests").rglob("*.py"))
FILES = sorted(path for path in WRITTEN if "migrations" not in path.parts)
Function = ast.FunctionDef | ast.AsyncFunctionDef
TREES = {path: ast.parse(path.read_text()) for path in FILES}
SILENCED = re.compile(r"\b(noqa|type: *ignore|pragma: no|TODO|FIXME|XXX)\b")
CODE = [path for path in FILES if "tests" not in path.parts]


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(TREES[path]) if isinstance(node, Function))


def lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def test_no_function_is_longer_than_50_lines_and_no_test_than_60() -> None:
    limit = {path: 60 if "tests" in path.parts else 50 for path in FILES}
    assert [where(p, f) for p in FILES for f in functions(p) if lines(f) > limit[p]] == []


def test_half_of_all_functions_are_short() -> None:
    tenths = quantiles([lines(f) for p in CODE for f in functions(p)], n=10)
    assert tenths[4] <= 8
    assert tenths[8] <= 25


def test_no_file_is_longer_than_500_lines() -> None:
    sizes = {path: path.read_text().count("\n") for path in FILES}
    assert [str(p.relative_to(ROOT)) for p, n in sizes.items() if n > 500] == []
    tenths = quantiles([n for p, n in sizes.items() if p in CODE and n > 1], n=10)
    assert tenths[4] <= 120
    assert tenths[8] <= 300


def test_every_module_says_what_it_is_for() -> None:
    silent = [p for p in CODE if TREES[p].body and not ast.get_docstring(TREES[p])]
    assert [str(p.relative_to(ROOT)) for p in silent if p.name != "apps.py"] == []


def test_every_app_says_what_comes_in_and_what_goes_out() -> None:
    apps = [path for path in CODE if path.name == "__init__.py" and len(path.relative_to(ROOT).parts) == 3]
    said = {path.parent.name: (ast.get_docstring(TREES[path]) or "").count("\n") + 1 for path in apps}
    assert len(said) > 15
    assert {app: count for app, count in said.items() if not 2 <= count <= 6} == {}


def test_no_checker_is_silenced_and_nothing_is_left_for_later() -> None:
    found = []
    for path in FILES:
        with path.open("rb") as file:
            remarks = [token for token in tokenize(file.readline) if token.type == COMMENT]
        found += [f"{path.relative_to(ROOT)}:{r.start[0]}" for r in remarks if SILENCED.search(r.string)]
    assert found == []


def test_no_class_of_ours_inherits_from_another_that_inherits() -> None:
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for path in CODE
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ClassDef)
    }
    ours = {name: used & bases.keys() - {name} for name, used in bases.items()}
    assert sorted(name for name, used in ours.items() if any(ours[base] for base in used)) == []


def test_nothing_is_imported_inside_a_function() -> None:
    inner = [
        where(p, n)
        for p in FILES
        for f in functions(p)
        for n in ast.walk(f)
        if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


@pytest.mark.parametrize(
    "module", ["django.dispatch", "django.db.models.signals", "django.contrib.contenttypes.fields"]
)
def test_no_signals_and_no_generic_keys(module: str) -> None:
    users = [
        where(p, n)
        for p in CODE
        for n in ast.walk(TREES[p])
        if (isinstance(n, ast.ImportFrom) and n.module == module)
        or (isinstance(n, ast.Import) and any(a.name == module for a in n.names))
    ]
    assert users == []


def test_nobody_imports_the_tables_of_another_app() -> None:
    foreign = []
    for path in CODE:
        app = path.relative_to(ROOT).parts[1]
        for node in ast.walk(TREES[path]):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tradehall."):
                parts = node.module.split(".")
                names = {alias.name for alias in node.names}
                if parts[1] != app and ("models" in parts or "models" in names):
                    foreign.append(where(path, node))
    assert foreign == []


def test_kernel_crypto_and_rules_know_no_django_and_no_clock() -> None:
    pure = [p for p in CODE if p.relative_to(ROOT).parts[1] in {"kernel", "crypto"} or p.name == "rules.py"]
    impure = [
        where(p, n)
        for p in pure
        for n in ast.walk(TREES[p])
        if (isinstance(n, ast.ImportFrom) and (n.module or "").split(".")[0] == "django")
        or (isinstance(n, ast.Import) and any(a.name.split(".")[0] == "django" for a in n.names))
        or (isinstance(n, ast.Attribute) and n.attr in {"now", "today", "utcnow"})
    ]
    assert pure
    assert impure == []

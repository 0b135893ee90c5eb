"""The reference trading system knows only what any other system can know: it imports nothing of the platform."""

import ast
from pathlib import Path

HERE = Path(__file__).parent / "trading_system"


def test_the_reference_system_imports_nothing_of_the_platform() -> None:
    trees = [ast.parse(path.read_text()) for path in HERE.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert len(trees) > 5 and "tests.peers.trading_system.settings" in named
    assert [name for name in named if name.partition(".")[0] in {"tradehall", "django"}] == []

"""Colours are written once: in the token file. Everywhere else they are named."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\brgba?\(")


def test_colours_stand_only_in_the_token_file() -> None:
    sheets = [p for p in (ROOT / "tradehall").rglob("*.css") if "vendor" not in p.parts and "token" not in p.name]
    assert [str(p.relative_to(ROOT)) for p in sheets if COLOUR.search(p.read_text())] == []

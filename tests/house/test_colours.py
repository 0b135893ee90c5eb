"""Colours are written once: in the token file. Everywhere else they are named."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|oklch|oklab)\(")


def test_colours_stand_only_in_the_token_file() -> None:
    sheets = [p for p in (ROOT / "tradehall").rglob("*.css") if "vendor" not in p.parts and "token" not in p.name]
    assert len(sheets) > 3
    assert [str(p.relative_to(ROOT)) for p in sheets if COLOUR.search(p.read_text())] == []


def test_no_template_brings_its_own_style() -> None:
    templates = list((ROOT / "tradehall").rglob("*.html"))
    assert len(templates) > 50
    assert [str(p.relative_to(ROOT)) for p in templates if re.search(r"<style\b|\bstyle=", p.read_text())] == []

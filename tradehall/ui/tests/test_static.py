"""Static files: colours and sizes only in tokens.css, vendored files as declared, nothing inline in templates."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[1]
STATIC = UI / "static" / "ui"
VENDOR_DIRS = (STATIC / "vendor", UI.parents[1] / "tests" / "vendor")
COLOUR_OR_SIZE = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\(|\d+px")
INLINE = re.compile(r"""\sstyle=|\son[a-z]+="|<style|<script(?![^>]*(?:src=|application/json))""")


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_colours_and_sizes_live_in_tokens_only(sheet: Path) -> None:
    found = COLOUR_OR_SIZE.findall(sheet.read_text(encoding="utf-8"))
    assert bool(found) == (sheet.name == "tokens.css"), found[:5]


def test_every_token_used_is_defined() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.css"))
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", sheets))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", sheets)) - defined == set()


@pytest.mark.parametrize("folder", VENDOR_DIRS, ids=lambda path: path.parent.name)
def test_vendored_files_are_exactly_those_declared(folder: Path) -> None:
    declared = {f["path"]: f["sha256"] for f in tomllib.loads((folder / "manifest.toml").read_text())["file"]}
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != "manifest.toml"}
    assert found == declared


@pytest.mark.parametrize("page", sorted((UI / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_inline_script_or_style(page: Path) -> None:
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


def test_every_icon_named_is_in_the_sprite() -> None:
    sources = [*(UI / "templates").rglob("*.html"), UI / "tones.py", UI / "samples.py"]
    named = set(re.findall(r'{% icon "([a-z0-9-]+)"', "".join(p.read_text(encoding="utf-8") for p in sources)))
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "vendor" / "icons.svg").read_text()))
    assert len(named) > 20
    assert named - sprite == set()

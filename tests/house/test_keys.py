"""Foreign keys and words: every key points down the river and protects; every head noun is in the glossary."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import PROTECT, ForeignKey, Model

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text())
NAMED = re.compile(r"(?:\b(?:class|def) |^    )(\w+)(?:[(:]| = models\.)")
MODELS = [m for m in apps.get_models() if m.__module__.startswith("tradehall.")]


def parts(name: str) -> list[str]:
    """`StoredFile` and `stored_file` are both stored, file."""
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def app_of(model: type[Model]) -> str:
    return model._meta.app_label


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_keys_point_down_and_protect(model: type[Model]) -> None:
    keys = [f for f in model._meta.get_fields() if isinstance(f, ForeignKey)]
    for key in keys:
        target = key.remote_field.model
        ours = app_of(target) in settings.APPS
        assert not ours or settings.APPS.index(app_of(target)) <= settings.APPS.index(app_of(model)), key
        assert key.remote_field.on_delete is PROTECT, key
        assert key.remote_field.related_name == "+", key


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_head_nouns_are_in_the_glossary(model: type[Model]) -> None:
    assert parts(model.__name__)[-1].capitalize() in GLOSSARY["nouns"]
    heads = {field.name: parts(field.name)[-1] for field in model._meta.fields}
    known = GLOSSARY["fields"].keys() | GLOSSARY["endings"].keys()
    assert {name: head for name, head in heads.items() if head not in known} == {}


def test_every_word_has_its_chinese_meaning() -> None:
    words = {name: said for part in ("nouns", "fields", "endings") for name, said in GLOSSARY[part].items()}
    assert [name for name, said in words.items() if not re.search("[\u4e00-\u9fff]", said)] == []


def test_forbidden_words_are_in_no_name() -> None:
    forbidden = {form for word in GLOSSARY["forbidden"] for form in (word, f"{word}s")}
    found = [
        f"{path.relative_to(ROOT)}:{number} {name}"
        for path in sorted((ROOT / "tradehall").rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for name in NAMED.findall(line)
        if forbidden & set(parts(name))
    ]
    assert found == []

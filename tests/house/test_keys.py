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
MODELS = [m for m in apps.get_models() if m.__module__.startswith("tradehall.")]


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
    head = re.findall(r"[A-Z][a-z]+", model.__name__)[-1]
    assert head in GLOSSARY["nouns"]


def test_forbidden_words_are_not_written() -> None:
    found = []
    for path in (ROOT / "tradehall").rglob("*.py"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for word in GLOSSARY["forbidden"]:
                if re.search(rf"\b(class|def) \w*{word}\w*|^\s*\w*{word}\w* = models\.", line, re.IGNORECASE):
                    found.append(f"{path.relative_to(ROOT)}:{number} {word}")
    assert found == []

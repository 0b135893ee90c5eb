"""A city behind every page of these stories."""

import pytest

from tradehall.disclosure import kept

from . import city as invented


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each story begins before anything was counted: test databases come to the same version again and again."""
    kept.forget()


@pytest.fixture
def city(db: None) -> None:
    invented.build()

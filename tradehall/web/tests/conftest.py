"""A city behind every page of these stories."""

import pytest

from . import city as invented


@pytest.fixture
def city(db: None) -> None:
    invented.build()

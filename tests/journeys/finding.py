"""Finding demo notices for a journey through the site's own lists. No shortcuts into the database."""

import json
import urllib.parse
import urllib.request
from typing import Any


def get(site: str, path: str) -> Any:
    with urllib.request.urlopen(site + path, timeout=30) as answer:
        return json.load(answer)


def notices(site: str, **conditions: str) -> list[dict[str, Any]]:
    """The newest notices that meet the list's own conditions."""
    found: list[dict[str, Any]] = get(site, "/notices.json?" + urllib.parse.urlencode(conditions))["items"]
    return found


def first(site: str, **conditions: str) -> dict[str, Any]:
    found = notices(site, **conditions)
    assert found, f"the demonstration city has no notice with {conditions}"
    return found[0]

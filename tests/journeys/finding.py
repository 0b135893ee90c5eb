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
    """The newest of the city's own: what other journeys have sent names no body of the city."""
    found = [item for item in notices(site, **conditions) if "澄州" in (item["principal"] or "")]
    assert found, f"the demonstration city has no notice with {conditions}"
    return found[0]

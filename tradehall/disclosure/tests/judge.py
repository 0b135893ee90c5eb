"""The standard's own judge of open data, offline; a test tool only."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import libcoveocds.api
import pytest
from libcoveocds.config import LibCoveOCDSConfig

SHARED = Path(os.environ.get("TRADEHALL_SHARED") or Path(__file__).resolve().parents[4] / "shared")
STANDARD = SHARED / "data" / "standards" / "ocds-1.1.5.zip"


def judge(package: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What libcoveocds says about one package; skips, saying so, where the standard's files are not at hand."""
    _need_the_standard()
    config = LibCoveOCDSConfig()
    config.config |= {"standard_zip": f"file://{STANDARD}", "context": "api", "additional_checks": "all"}
    path = folder / "package.json"
    path.write_text(json.dumps(package, ensure_ascii=False))
    result: dict[str, Any] = libcoveocds.api.ocds_json_output(
        str(folder), str(path), "1.1", convert=False, lib_cove_ocds_config=config
    )
    return result


def release_schema() -> dict[str, Any]:
    """The schema as published: what the merge rules must be derived from."""
    _need_the_standard()
    with zipfile.ZipFile(STANDARD) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("schema/release-schema.json")]
        schema: dict[str, Any] = json.loads(archive.read(name))
    return schema


def _need_the_standard() -> None:
    if not STANDARD.is_file():
        pytest.skip(f"NOT CHECKED AGAINST OCDS 1.1.5: {STANDARD} is missing (set TRADEHALL_SHARED)")


def complaints(result: dict[str, Any]) -> dict[str, Any]:
    """Everything it says that is not praise."""
    names = (
        "validation_errors",
        "additional_fields",
        "all_additional_fields",
        "deprecated_fields",
        "additional_closed_codelist_values",
        "additional_open_codelist_values",
        "conformance_errors",
        "additional_checks",
    )
    return {name: result[name] for name in names if result.get(name)}

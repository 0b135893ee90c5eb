"""Release and record packages, and compiled releases by the standard's own merge library. Pure."""

from collections.abc import Sequence
from typing import Any

from ocdsmerge import Merger

Json = dict[str, Any]

# The merge properties of the OCDS 1.1.5 release schema (open-contracting/standard, tag 1__1__5, Apache-2.0), stated here as
# facts so that merging never needs the schema at run time.
OMITTED = ("id", "date", "tag")
REPLACED_WHOLE = (
    "parties.additionalIdentifiers",
    "parties.roles",
    "buyer.additionalIdentifiers",
    "tender.procuringEntity.additionalIdentifiers",
    "tender.items.additionalClassifications",
    "tender.additionalProcurementCategories",
    "tender.submissionMethod",
    "tender.tenderers.additionalIdentifiers",
    "tender.amendments.changes",
    "tender.amendment.changes",
    "awards.suppliers.additionalIdentifiers",
    "awards.items.additionalClassifications",
    "awards.amendments.changes",
    "awards.amendment.changes",
    "contracts.items.additionalClassifications",
    "contracts.implementation.transactions.payer.additionalIdentifiers",
    "contracts.implementation.transactions.payee.additionalIdentifiers",
    "contracts.relatedProcesses.relationship",
    "contracts.amendments.changes",
    "contracts.amendment.changes",
    "relatedProcesses.relationship",
)
MERGE_RULES: dict[tuple[str, ...], str] = {
    **{(name,): "omitWhenMerged" for name in OMITTED},
    **{tuple(path.split(".")): "wholeListMerge" for path in REPLACED_WHOLE},
}
MERGER = Merger(merge_rules=MERGE_RULES)


def _package(*, uri: str, published_at: str, publisher: str) -> Json:
    return {
        "uri": uri,
        "version": "1.1",
        "publishedDate": published_at,
        "publisher": {"name": publisher},
    }


def release_package(releases: Sequence[Json], *, uri: str, published_at: str, publisher: str) -> Json:
    return {**_package(uri=uri, published_at=published_at, publisher=publisher), "releases": list(releases)}


def compiled_release(releases: Sequence[Json]) -> Json:
    """The releases of one process, merged by the rules of the standard."""
    compiled: Json = MERGER.create_compiled_release(list(releases))
    return compiled


def record_package(releases: Sequence[Json], *, uri: str, published_at: str, publisher: str) -> Json:
    """A record package of one process with its releases and their compiled release."""
    record = {
        "ocid": releases[0]["ocid"],
        "releases": list(releases),
        "compiledRelease": compiled_release(releases),
    }
    return {**_package(uri=uri, published_at=published_at, publisher=publisher), "records": [record]}

"""Every documented address answers as documented, whatever is asked: no failure, no answer that is not in the document."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tradehall.disclosure.tests.trades import recorded

EXAMPLES = 25
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def served(db: None) -> Iterator[None]:
    """The test's own connection serves the application, so nothing may close it between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_asked(case: Case, served: None) -> None:
    query = case.query or {}
    if str(query.get("wait", "")).isdigit():
        query["wait"] = 0  # waiting changes when the answer comes, not what it may be
    # Code lists are judged by what is installed, not by the document: a well-formed unknown code is a documented 400.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


def test_what_exists_looks_as_documented(served: None) -> None:
    receipt, *_ = recorded()
    asked = {
        "/api/v1/ocds/releases": {},
        "/api/v1/ocds/records/{ocid}": {"ocid": f"ocds-demo00-{receipt.project_no}"},
        "/api/v1/projects/{no}": {"no": receipt.project_no},
        "/api/v1/notices/{no}": {"no": receipt.notice_no},
    }
    for address, given in asked.items():
        answer = schema[address]["GET"].Case(path_parameters=given).call_and_validate()
        assert answer.status_code == 200, address

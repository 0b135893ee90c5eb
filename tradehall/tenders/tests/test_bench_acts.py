"""The bench of acts leaves each act whole: recorded ones are in the journal, the others are not, nothing stays replaced."""

import pytest
from django.db import connection

from tradehall.journal import services
from tradehall.tenders import bench_acts

pytestmark = pytest.mark.django_db


def test_a_real_act_is_measured_with_and_without_its_record() -> None:
    kept = services.record
    found = {str(figure["bench"]): figure for figure in bench_acts.acts(30)}
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry where code = 'tenders.state_lot_fact'")
        assert cursor.fetchone() == (30,)
    with_record, without = (found[f"act.{name}-record"]["value"] for name in ("with", "without"))
    assert found["act.with-record"]["ratio"] == pytest.approx(float(str(with_record)) / float(str(without)), rel=0.01)
    assert services.record is kept

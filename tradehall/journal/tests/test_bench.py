"""The benches of the log measure what they say, in seconds: small sizes of the real thing."""

import pytest

from tradehall.journal import bench

pytestmark = pytest.mark.usefixtures("log_db")
KEYS = {"bench", "value", "unit", "limit", "ratio", "size"}
Found = dict[str, dict[str, object]]


def _by_name(figures: list[dict[str, object]]) -> Found:
    assert all(set(figure) == KEYS for figure in figures)
    return {str(figure["bench"]): figure for figure in figures}


def test_the_race_counts_what_was_read_and_what_went_wrong() -> None:
    found = _by_name(list(bench.feed_race(2)))
    assert found["feed-race.entries"]["value"] > 0
    assert found["feed-race.skipped"]["value"] == found["feed-race.doubled-or-inverted"]["value"] == 0


def test_sealing_is_measured_beside_the_same_rows_in_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "DELAY_SECONDS", 1)
    found = _by_name(list(bench.sealing(3_000)))
    for batch in bench.BATCHES:
        figure = found[f"sealing.batch-{batch}"]
        assert figure["ratio"] == pytest.approx(figure["value"] / found["sealing.insert-select"]["value"], rel=0.01)
    for name in ("sealing.delay-p99", "sealing.delay-p99-beside-open-transaction"):
        assert 0 < found[name]["value"] < 30 and found[name]["size"] > 0


def test_an_act_is_measured_with_and_without_its_record() -> None:
    found = _by_name(list(bench.bare_act(20)))
    with_record, without = (found[f"act.bare-{name}"]["value"] for name in ("with-record", "without-record"))
    assert found["act.bare-with-record"]["ratio"] == pytest.approx(with_record / without, rel=0.01)

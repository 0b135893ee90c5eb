"""Refusals, actors, references and canonical bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.canonical import canonical_json, parse_canonical
from tradehall.kernel.ref import Ref, parse_ref
from tradehall.kernel.refusal import Refusal, Violation, refuse_if

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_a_refusal_carries_every_violation() -> None:
    found = [Violation("a", "第一条"), Violation("b", "第二条", field="closes_at", basis="招标投标法第二十四条")]
    with pytest.raises(Refusal) as refused:
        refuse_if(found)
    assert refused.value.violations == tuple(found)
    assert str(refused.value) == "第一条；第二条"


def test_nothing_found_refuses_nothing() -> None:
    refuse_if([])
    with pytest.raises(ValueError, match="at least one"):
        Refusal([])


def test_an_actor_knows_its_roles() -> None:
    clerk = Actor("person", "7", "经办人", roles=frozenset({"agency"}))
    assert clerk.has("agency") and not clerk.has("guardian") and not PLATFORM.has("agency")


@pytest.mark.parametrize("ref", [Ref("notice", "N20260918000001", 2), Ref("lot", "GC-2026-09-0001-001")], ids=str)
def test_a_reference_is_read_as_written(ref: Ref) -> None:
    assert parse_ref(str(ref)) == ref


@pytest.mark.parametrize("text", ["", "notice", "notice:", "notice:A@0", "notice:A@1@2", "Notice:A", "notice:A B"])
def test_other_words_are_no_reference(text: str) -> None:
    with pytest.raises(ValueError, match="not a reference"):
        parse_ref(text)


@given(plain)
def test_canonical_bytes_come_back_as_the_same_value(value: object) -> None:
    assert parse_canonical(canonical_json(value)) == value


@given(plain)
def test_canonical_bytes_are_those_of_the_standard_library(value: object) -> None:
    plainly = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical_json(value) == plainly


def test_canonical_form_is_sorted_tight_and_unescaped() -> None:
    assert canonical_json({"b": [1, None, True], "a": "公告\n"}) == '{"a":"公告\\n","b":[1,null,true]}'.encode()


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": [0.5]}, {1: "a"}, b"x", {"a": {2, 3}}, "\ud800"], ids=lambda value: repr(value)
)
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_json(value)


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'"\\u516c"', b"1.0", b"NaN", b"1e2", b"[1]\n", b"\xff", b"",
        b"[" * 5000 + b"]" * 5000, b"[" * 200 + b"]" * 200, b"-0",
    ],
    ids=["空白", "键序", "重复键", "转义", "小数", "非数", "指数", "换行", "坏编码", "空", "过深", "深", "负零"],
)  # fmt: skip
def test_any_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        parse_canonical(content)

"""What is published hides the same numbers however the look for them is made."""

from hypothesis import given
from hypothesis import strategies as st

from tradehall.tenders import rendition

DIGITS = st.sampled_from(["13812345678", "138 1234 5678", "31011519900307123X", "0577-88123456", "13812345", "678"])
TEXT = st.lists(DIGITS | st.text("联系人：，元\n1 ", max_size=4), max_size=4).map("".join)
PARAGRAPH = st.fixed_dictionaries({"type": st.just("paragraph"), "text": TEXT})
OTHER = st.fixed_dictionaries({"type": st.just("table"), "rows": st.lists(st.lists(TEXT, max_size=2), max_size=2)})


@given(st.lists(PARAGRAPH, max_size=6))
def test_paragraphs_looked_through_together_hide_what_each_alone_would(body: list[dict[str, object]]) -> None:
    assert rendition._masked_body(body) == [rendition.masked(block) for block in body]


@given(st.lists(PARAGRAPH | OTHER, max_size=6))
def test_tables_between_paragraphs_are_looked_through_as_well(body: list[dict[str, object]]) -> None:
    assert rendition._masked_body(body) == [rendition.masked(block) for block in body]

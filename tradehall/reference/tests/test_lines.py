"""The lines speak for themselves."""

import pytest

from tradehall.reference import codes
from tradehall.reference.lines import installed_line, line, line_of_classification, lines

FIRST = {"works": "工程", "procurement": "采购", "land": "土地", "property": "产权"}


def test_lines_stand_in_their_order_with_the_rest_at_the_end() -> None:
    shown = {each.code: each.short for each in lines()}
    assert list(shown.items())[:4] == list(FIRST.items()) and list(shown)[-1] == "others"
    assert [each.tag for each in lines()][:4] == ["gc", "cg", "td", "cq"]
    prefixes = [each.number_prefix for each in lines()]
    assert len(set(prefixes)) == len(prefixes)


def test_every_line_has_its_words_and_six_on_its_card() -> None:
    needed = {"principal", "bidder", "agency", "lot", "winner", "opening", "review"}
    for each in lines():
        assert needed <= set(each.words) and {"result", "deposit"} <= set(each.amounts)
        assert len(each.card) == 6 and all(len(word.query) == 1 for word in each.card)


def test_every_classification_belongs_to_the_line_it_names() -> None:
    for item in codes.classifications().values():
        found = line_of_classification(item.code)
        assert found is not None and found.code == item.line


def test_every_classify_code_of_a_line_is_listed() -> None:
    listed = codes.dictionary("deal_classify")
    assert all(code in listed for each in lines() for code in each.deal_classify)


def test_an_unknown_line_is_none() -> None:
    assert line("timber") is None and line_of_classification("X01") is None
    with pytest.raises(KeyError):
        installed_line("timber")
    assert installed_line("land").short == "土地"

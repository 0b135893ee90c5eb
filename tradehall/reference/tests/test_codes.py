"""The shipped lists: whole, sourced, and asked the way their readers ask."""

import pytest

from tradehall.kernel.periods import PeriodRule, effective_end
from tradehall.reference import codes, tables


def test_every_file_is_as_its_source_says() -> None:
    assert tables.damage() == []
    folder = {path.name for path in tables._folder().iterdir() if path.name.endswith(".csv")}
    assert folder == {f"{each.name}.csv" for each in codes.sources()}
    assert all(each.source and each.licence and each.title for each in codes.sources())


def test_the_lists_stay_small_enough_to_ship() -> None:
    assert sum(len(path.read_bytes()) for path in tables._folder().iterdir()) < 2 * 2**20


def test_parents_exist_but_for_the_known_gaps() -> None:
    for listed, gaps in ((codes.industries(), 0), (codes.expert_specialties(), 0), (codes.procurement_catalogue(), 6)):
        orphans = [item.code for item in listed.values() if item.parent_code and item.parent_code not in listed]
        assert len(orphans) <= gaps


def test_shanghai_has_sixteen_districts() -> None:
    names = [each.name for each in codes.districts_of(codes.SHANGHAI)]
    assert len(names) == 16 and {"黄浦区", "浦东新区", "崇明区"} <= set(names)


def test_the_demo_city_is_marked_and_has_seven_districts() -> None:
    districts = codes.districts_of(codes.DEMO_CITY)
    assert [each.name for each in districts] == ["市本级", "云湖区", "临港区", "新河区", "东浦区", "南塘区", "古城区"]
    assert all(each.is_demo for each in districts) and not any(each.is_demo for each in codes.districts_of("420500"))


def test_codes_are_looked_up_and_abolished_ones_lead_on() -> None:
    pudong, closed = codes.region("310115"), codes.region("310108")
    assert pudong is not None and pudong.name == "浦东新区"
    assert closed is not None and closed.name == "静安区"
    assert codes.region("999999") is None and not codes.is_region_code("999999")
    assert codes.full_name("310115") == "上海市浦东新区" and codes.full_name("990101") == "澄州市云湖区"
    assert codes.full_name("420502") == "湖北省宜昌市西陵区"


PLACES = [
    ("整名", "上海市浦东新区学校工程", (), "310115"),
    ("唯一的区名", "浦东新区学校工程", (), "310115"),
    ("同名由省市区分", "江苏省徐州市鼓楼区道路工程", (), "320302"),
    ("同名不猜", "鼓楼区道路工程", (), None),
    ("本市简称", "徐汇 学校 施工", codes.HOME_CITIES, "310104"),
    ("不在本市不认简称", "徐汇 学校 施工", (), None),
    ("演示城市的区", "临港区 学校 施工", codes.HOME_CITIES, "990102"),
    ("演示城市的区，非本市不认", "临港区 学校 施工", (), None),
    ("只有市", "宜昌市公共资源交易中心", (), "420500"),
    ("只有省的简称", "江西某医院设备采购", (), "360000"),
    ("普通词不是地名", "老城区污水管网改造", (), None),
    ("普通词在其市旁边", "山西省晋城市城区道路", (), "140502"),
    ("无地名", "办公楼空调维修", codes.HOME_CITIES, None),
    ("市本级", "市本级 政务云", codes.HOME_CITIES, "990199"),
    ("真实地名与演示同名", "丽江市古城区改造", (), "530702"),
]


@pytest.mark.parametrize(("text", "home", "code"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_a_district_word_in_free_text(text: str, home: tuple[str, ...], code: str | None) -> None:
    found = codes.find_region(text, home)
    assert (found.region.code if found else None) == code
    assert found is None or found.word in text


def test_the_calendar_of_2026_is_the_one_counted_by_hand() -> None:
    calendar = codes.work_calendar()
    first, last = calendar.last.replace(month=1, day=1), codes.holidays_known_until()
    assert last.isoformat() == "2026-12-31"
    assert calendar.workdays_between(first, last) + calendar.is_workday(first) == 248
    term = effective_end(PeriodRule("T04", "招标", "between", 20, "day"), first.replace(month=2, day=2), calendar)
    assert term.ends_on == first.replace(month=2, day=24)


def test_unconfirmed_rows_say_so() -> None:
    works, doubtful = codes.classification("A01"), codes.classification("B02")
    assert works is not None and not works.is_provisional and works.line == "works"
    assert doubtful is not None and doubtful.is_provisional
    assert codes.classification("A15") is None
    assert not codes.dictionary("data_type")["2"].is_provisional
    with pytest.raises(KeyError):
        codes.dictionary("no such list")

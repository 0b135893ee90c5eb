"""Example records of any data set: the same for the same seed, distinct by number, accepted as sent.

Everything is invented; check digits hold, dates are in lawful order. No data of anybody is used.
"""

import hashlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tradehall.exchange.registry.load import code_list
from tradehall.exchange.registry.shape import DataSet, Field
from tradehall.kernel.identifiers import (
    compute_citizen_check,
    compute_organisation_check,
    compute_unified_deal_check,
    compute_uscc_check,
)
from tradehall.kernel.times import BEIJING
from tradehall.tenders.kinds import kind_label

FIRST_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=BEIJING)
SUBJECTS = (
    "雨水泵站改造工程",
    "中学教学楼修缮工程",
    "河道综合整治工程",
    "社区服务中心设备采购",
    "道路照明改造工程",
    "公园绿地建设工程",
)
STREETS = ("滨江路", "云山路", "望河街", "长桥路", "新港大道", "松林路")
PARTIES = ("城市建设投资有限公司", "市政工程有限公司", "水务建设管理中心", "信息技术有限公司", "工程咨询有限公司")
# Days after the record's first day, by clean name: publication, then documents, closing, review, signing.
OFFSETS = {
    "documents_from": 1, "documents_until": 8, "closes_at": 30, "opens_at": 30, "opens_at_new": 35, "review_from": 33,
    "review_until": 37, "signed_at": 50, "finished_at": 90, "expected_on": 45, "traded_on": 40, "until_on": 365,
    "ended_at": 31, "invitation_until": 5, "session_until": 1, "secret_until": 30,
}  # fmt: skip
CLASSES = {"": "A01", "works": "A01", "procurement": "D01", "land": "B01", "property": "C01"}


def examples(data_set: DataSet, *, count: int, seed: int) -> list[dict[str, object]]:
    return [example(data_set, seed, number) for number in range(count)]


def example(data_set: DataSet, seed: int, number: int) -> dict[str, object]:
    digest = hashlib.sha256(f"{data_set.name}\0{seed}\0{number}".encode()).hexdigest()
    maker = _Maker(data_set, digest)
    # A retreated notice and a bare sum of rates are other records than the ordinary one an example is to show.
    left_out = {"retreated_at", "reason", "rate", "other_price", "opens_at_new", "is_float_rate", "dismissed_on"}
    keep = {"CORRECTION_REASON", "RECORD_REASON", "DISSENT_REASON", "REVOCATION_REASON"}
    fields = {
        one.wire: maker.value(one)
        for one in data_set.fields
        if one.wire not in ("PLATFORM_CODE", "DATA_TIMESTAMP") and (one.name not in left_out or one.wire in keep)
    }
    return {
        "data_set": data_set.name,
        "data_type": 1,
        "data_key": f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}",
        "platform_code": maker.platform,
        "data_timestamp": (maker.day + timedelta(minutes=5)).strftime("%Y%m%d%H%M%S"),
        "fields": fields,
    }


class _Maker:
    """The values of one example; everything comes from its digest."""

    def __init__(self, data_set: DataSet, digest: str) -> None:
        self.data_set = data_set
        self.random = random.Random(digest)
        self.serial = int(digest[:12], 16) % 10**8
        self.day = FIRST_DAY + timedelta(days=self.random.randrange(240), minutes=self.random.randrange(480))
        self.platform = self.uscc()
        subject = self.random.choice(SUBJECTS)
        self.project = f"澄州市{self.random.choice(STREETS)}{self.serial:08d}号{subject}"
        self.project_code = f"EX{self.day:%Y}{self.serial:08d}"
        prefix = CLASSES.get(data_set.line, "Z99")
        self.words = kind_label(data_set.line, data_set.kind) if data_set.kind else data_set.label
        bare = f"{prefix}{self.platform}{self.day:%Y%m%d}{self.serial % 10**6:06d}"
        self.unified = bare + compute_unified_deal_check(bare)

    def value(self, field: Field) -> str:
        fixed = _BY_NAME.get(field.name)
        return fixed(self) if fixed else _BY_TYPE[field.base](self, field)

    def uscc(self) -> str:
        eight = f"{self.random.randrange(10**8):08d}"
        body = "91990100" + eight + compute_organisation_check(eight)
        return body + compute_uscc_check(body)

    def citizen(self) -> str:
        body = f"110105{self.random.randrange(1960, 1995)}0{self.random.randrange(1, 10)}1{self.random.randrange(10)}"
        body += f"{self.random.randrange(1000):03d}"
        return body + compute_citizen_check(body)

    def party(self) -> str:
        return f"澄州{self.random.choice('东南西北')}{self.random.randrange(10, 100)}{self.random.choice(PARTIES)}"

    def moment(self, field: Field) -> datetime:
        return self.day + timedelta(days=OFFSETS.get(field.name, 0))

    def text(self, field: Field) -> str:
        if field.name.endswith("_name") and field.base == "text" and not field.name.startswith(("contact", "project")):
            return self.party()
        return f"示例{field.label}"

    def code(self, field: Field) -> str:
        if field.argument in ("price_unit", "subject_type", "yes_no", "notice_nature", "bulletin_type", "price_form"):
            return "1"
        return "156" if field.argument == "currency" else self.random.choice(sorted(code_list(field.argument)))

    def money(self) -> str:
        return f"{self.random.randrange(1, 10**6)}.{self.random.randrange(100):02d}"


_BY_NAME: dict[str, Callable[[_Maker], str]] = {
    "title": lambda self: f"{self.project}{self.words}",
    "project_name": lambda self: self.project,
    "tender_project_name": lambda self: self.project,
    "project_code": lambda self: self.project_code,
    "tender_project_code": lambda self: f"{self.project_code}001",
    "lot_code": lambda self: f"{self.project_code}001001",
    "lot_codes": lambda self: f"{self.project_code}001001",
    "lot_name": lambda self: f"{self.project}一标段",
    "content": lambda self: f"{self.project}。\n一、项目概况\n本记录为接口示例，内容为虚构。",
    "classification": lambda self: CLASSES.get(self.data_set.line, "Z99"),
    "contact": lambda self: "021-00000000",
    "id_no": lambda self: self.citizen(),
    "operator_id": lambda self: self.citizen(),
    "manager_id": lambda self: self.citizen(),
    "record_no": lambda self: f"HMD{self.serial:08d}",
    "url": lambda self: f"https://example.invalid/{self.serial}",
    "period": lambda self: f"{self.random.randrange(30, 720)}日历天",
    "term_years": lambda self: "50",
    "revocation_status": lambda self: "0",
    "nature": lambda self: "1",
    "supply_method": lambda self: "挂牌",
    "from_state": lambda self: "接收文件",
    "to_state": lambda self: "接收文件",
    "event_digest": lambda self: hashlib.sha256(str(self.serial).encode()).hexdigest(),
    "session_url": lambda self: f"https://example.invalid/watch/{self.serial}?expires=1767574800&signature=c2lnbmVk",
    "md5": lambda self: hashlib.md5(str(self.serial).encode(), usedforsecurity=False).hexdigest(),
}
_BY_TYPE: dict[str, Callable[[_Maker, Field], str]] = {
    "text": _Maker.text,
    "long": _Maker.text,
    "fixed": lambda self, field: f"{self.serial:0{int(field.argument)}d}"[: int(field.argument)],
    "number": lambda self, field: f"{self.random.randrange(1, 10**5)}.{self.random.randrange(100):02d}",
    "int": lambda self, field: str(self.random.randrange(1, 20)),
    "money": lambda self, field: self.money(),
    "date": lambda self, field: self.moment(field).strftime("%Y%m%d"),
    "time": lambda self, field: self.moment(field).strftime("%Y%m%d%H%M%S"),
    "yes_no": lambda self, field: self.random.choice("01"),
    "code": _Maker.code,
    "uscc": lambda self, field: self.uscc(),
    "party_code": lambda self, field: self.uscc(),
    "deal_code": lambda self, field: self.unified,
    "deal_codes": lambda self, field: self.unified,
    "region": lambda self, field: "990100",
}

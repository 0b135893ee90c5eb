"""What does not go to the national platform, each version of each record with its reason; and the list of it for the desk.

A reason that is over ends the row in the transaction that makes the message. Hides nothing, decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from tradehall.exchange.models import NationalOmission
from tradehall.exchange.national.statement import NO_DATA_SET, SYSTEM, UNKNOWN_SET, Omission, Statement
from tradehall.exchange.registry.load import data_sets
from tradehall.tenders.kinds import KINDS, kind_label

WITHOUT_LOT, FROM_THERE, SECRET, ENDLESS = "without_lot", "from_there", "secret", "endless"
REASONS = {
    "competition": "能说明尚在进行的竞争；该标段的中标（成交）结果公告后自动补送",
    "evaluation": "能说明尚未公布的评审；该标段的中标（成交）结果公告后自动补送",
    WITHOUT_LOT: "能说明竞争或评审，而记录没有统一交易标识码，不能与结果公告对应；不自动补送",
    "dispute": "异议、投诉由受理机关办理；平台只保存，不转报",
    "person": "专家以外的自然人信息；平台只保存，不转报",
    NO_DATA_SET: "数据规范没有这类记录的数据集",
    UNKNOWN_SET: "登记表中已没有这个数据集",
    FROM_THERE: "来自国家平台，不送回",
    SECRET: "过程事件仍在保密期内；期满自动补送",
    ENDLESS: "过程事件没有说明保密至何时；不自动补送",
}
END = """
update exchange_national_omission o set ended_at = %s
  from unnest(%s::text[], %s::bigint[]) as w(data_key, record)
 where o.data_key = w.data_key and o.record_id <= w.record and o.ended_at is null
"""
LISTED = """
select line, kind, case when lot = '' and reason in ('competition', 'evaluation') then 'without_lot' else reason end,
       count(*)
  from exchange_national_omission where ended_at is null group by 1, 2, 3
union all
select '', data_set, 'from_there', count(*) from exchange_inbound_record where system = %s group by 2
union all
select line, 'PROCESS_EVENT', case when secret_until is null then 'endless' else 'secret' end, count(*)
  from exchange_process_event where is_secret and (secret_until is null or secret_until > %s) group by 1, 3
order by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class NotSent:
    """`label`: the data set or the kind in Chinese."""

    line: str
    kind: str
    label: str
    reason: str
    records: int


def keep(omissions: Sequence[Omission]) -> None:
    """One that is known stays as it is, ended or not."""
    now = timezone.now()
    rows = [
        NationalOmission(
            position=one.position, line=one.line, kind=one.kind, reason=one.reason, data_key=one.data_key,
            version=one.version, lot=one.lot, record_id=one.record, created_at=now,
        )
        for one in omissions
    ]  # fmt: skip
    NationalOmission.objects.bulk_create(rows, ignore_conflicts=True)


def end(statements: Iterable[Statement]) -> None:
    """Of what goes out now, and of earlier versions of it: they would arrive behind it."""
    went = [(one.data_key, one.record) for one in statements if one.record is not None]
    if went:
        with connection.cursor() as cursor:
            cursor.execute(END, (timezone.now(), [key for key, _ in went], [record for _, record in went]))


def not_sent(at: datetime) -> list[NotSent]:
    """Everything that was received or made public here and has not gone out, counted by kind and reason."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, (SYSTEM, at))
        rows = cursor.fetchall()
    return [NotSent(line, kind, _label(line, kind), REASONS[reason], records) for line, kind, reason, records in rows]


def _label(line: str, kind: str) -> str:
    found = data_sets().get(kind)
    return found.label if found else kind_label(line, kind) if kind in KINDS else kind

"""Invented approvals, qualifications, penalties, honours and lists of the demo city: some current, some over."""

import random
from datetime import date, datetime, timedelta

from tradehall.config.demo.cast import Cast
from tradehall.kernel.actor import Actor
from tradehall.parties import services as parties
from tradehall.tenders.reports import Named

SYSTEM = "CZXY"
KINDS = (
    ("approval", "{name}投资项目核准", "澄州市发展和改革委员会", "澄发改核〔{year}〕{n} 号", 720),
    ("qualification", "建筑工程施工总承包一级资质", "澄州市住房和城乡建设局", "资质证书 CZ{n}（演示）", 1800),
    ("penalty", "未按期履行合同的行政处罚", "澄州市住房和城乡建设局", "澄建罚〔{year}〕{n} 号", 365),
    ("honour", "守合同重信用单位", "澄州市市场监督管理局", "澄市监〔{year}〕{n} 号", 730),
    ("blacklist", "政府采购严重违法失信行为记录", "澄州市财政局", "澄财采〔{year}〕{n} 号", 365),
)


def report_records(cast: Cast, rng: random.Random, *, by: Actor, at: datetime) -> int:
    """States 40 records; a few have expired by `at` and one is taken back by its publisher."""
    companies = [who for group in cast.companies.values() for who in group]
    last = None
    for number in range(40):
        published = at.date() - timedelta(days=rng.randint(3, 500))
        last = _report(rng.choice(companies), KINDS[number % len(KINDS)], published, number, by, at)
    if last is not None:
        parties.revoke_standing(by=by, at=at, standing_no=last, publisher="澄州市财政局", reason="复议决定撤销原记录")
    return 40


def _report(
    who: Named, sample: tuple[str, str, str, str, int], published: date, number: int, by: Actor, at: datetime
) -> str:
    kind, title, publisher, basis, days = sample
    standing = parties.report_standing(
        by=by,
        at=at,
        kind=kind,
        party_name=who.name,
        uscc=who.uscc,
        title=title.format(name=who.name),
        publisher=publisher,
        published_on=published,
        source_system=SYSTEM,
        source_id=f"{SYSTEM}-{number:04d}",
        basis=basis.format(year=published.year, n=number + 11),
        from_on=published,
        until_on=published + timedelta(days=days),
    )
    return str(standing.standing_no)

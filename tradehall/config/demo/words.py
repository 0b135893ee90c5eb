"""Bodies of invented notices: headings, paragraphs and tables from the facts of the trade. Pure."""

from datetime import datetime

from tradehall.kernel.money import format_wan
from tradehall.kernel.times import format_minute
from tradehall.tenders.reports import Block


def heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}


def table(*rows: tuple[str, ...]) -> Block:
    return {"type": "table", "rows": [list(row) for row in rows]}


def wan(cents: int) -> str:
    return f"{format_wan(cents)} 万元"


def notice(
    *, subject: str, principal: str, agency: str, method: str, cents: int, opens: datetime, closes: datetime
) -> tuple[Block, ...]:
    return (
        heading("一、项目概况"),
        paragraph(
            f"{subject}已具备条件，资金已落实，{principal}委托{agency}以{method}方式组织，"
            "现公开征集符合条件的单位参加。"
        ),
        heading("二、内容与金额"),
        table(("序号", "内容", "金额"), ("01", subject, wan(cents))),
        heading("三、文件获取与递交"),
        paragraph(
            "自公告发布之日起通过平台免费获取文件。"
            f"递交截止时间为 {format_minute(closes)}，逾期系统不再接收；开启时间 {format_minute(opens)}。"
        ),
        heading("四、资格要求"),
        paragraph("具有独立承担民事责任的能力，近三年无重大违法记录，未被列入失信名单；是否接受联合体见文件。"),
        heading("五、监督与联系"),
        paragraph("对文件有异议的，应在规定期限内提出。联系电话 0577-0000 1234（演示）。"),
    )


def change(*, reason: str, label: str, old: str, new: str) -> tuple[Block, ...]:
    return (
        heading("更正事项"),
        paragraph(reason),
        table(("事项", "原内容", "现内容"), (label, old, new)),
        paragraph("其他内容不变。"),
    )


def ranking(title: str, rows: list[tuple[str, ...]], tail: str) -> tuple[Block, ...]:
    return (heading(title), table(("名次", "单位", "价格"), *rows), paragraph(tail))


def plain(title: str, *sentences: str) -> tuple[Block, ...]:
    return (heading(title), *[paragraph(text) for text in sentences])

"""Renditions for stories about readers, written as `tenders.rendition.build` writes them."""

from typing import Any


def rendition(number: int, **stated: object) -> dict[str, Any]:
    value: dict[str, Any] = {
        "notice_no": f"B{number:014d}",
        "version": 1,
        "kind": "tender_notice",
        "kind_label": "招标公告",
        "nature": "normal",
        "stage": "notice",
        "line": "works",
        "title": f"临港第{number}小学新建工程施工",
        "project_no": f"R{number:012d}",
        "project_title": f"临港第{number}小学新建工程",
        "project_code": None,
        "attempt": 1,
        "lots": [],
        "principal": {"name": "临港区教育局", "uscc": None},
        "agency": None,
        "district": "310115",
        "district_name": "临港区",
        "method": "open",
        "classification": None,
        "published_at": "2026-03-17T09:00:00+08:00",
        "published_precision": "minute",
        "opens_at": None,
        "closes_at": "2026-04-10T09:30:00+08:00",
        "terms": [],
        "moved_from": None,
        "amount": {"form": "amount", "cents": 100_00, "rate": None, "text": None, "currency": "CNY", "unit": None},
        "facts": {},
        "body": [{"type": "paragraph", "text": f"正文 学校操场 {number}"}],
        "changes": [],
        "reason": None,
        "attachments": [],
        "source": {
            "system": "demo",
            "name": "示范系统",
            "id": str(number),
            "url": None,
            "kind_as_reported": None,
            "reported": True,
        },
        "replaces": None,
        "findings": [],
    }
    return value | stated

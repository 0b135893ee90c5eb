"""Invented values for the style guide: every component in every state. Never shown as data anywhere else."""

from datetime import datetime, timedelta
from typing import Any

from tradehall.kernel.refusal import Violation
from tradehall.ui.tones import BANNERS, STATES

LINES = [
    ("works", "工程建设", "工程", "hard-hat"),
    ("procurement", "政府采购", "采购", "package-search"),
    ("land", "土地与矿业权", "土地", "map"),
    ("property", "国有产权", "产权", "landmark"),
    ("others", "其他交易", "其他", "layers"),
]
DIGEST = "9f3a7c20b1d84e6f5a90c3d2e1f708192a3b4c5d6e7f8091a2b3c4d5e65bc41e"


def _market(line: str, name: str, icon: str) -> dict[str, Any]:
    names = ("计划意向", "交易公告", "变更澄清", "开标记录", "结果公示", "合同履约")
    rows = [{"label": n, "count": 214 - 31 * i, "href": f"/notices?line={line}"} for i, n in enumerate(names)]
    return {"line": line, "name": name, "icon": icon, "href": f"/notices?line={line}", "today": 78, "items": rows}


ROW_HEADS = ("line", "line_label", "stage", "kind_label", "principal", "title")
ROW_TEXTS = (
    ("works", "工程", "notice", "招标公告", "临港区交通建设中心", "滨海大道（三环路至港湾路）改造提升工程施工"),
    (
        "procurement",
        "采购",
        "change",
        "更正公告",
        "市数据局",
        "市级政务云 2026—2028 年度运维服务采购项目更正公告（第二次）",
    ),
    ("land", "土地", "review", "成交公示", "市自然资源和规划局", "临港区 LG-07-12 地块国有建设用地使用权挂牌出让"),
    ("property", "产权", "abnormal", "终止公告", "澄州产业投资集团", "澄州市云帆检测技术有限公司 51% 股权"),
    ("others", "其他", "other", "登记公告", "某通信公司", "基站铁塔框架采购登记"),
)


def _rows(now: datetime) -> list[dict[str, Any]]:
    base = {"href": "#", "published_at": now - timedelta(hours=1), "district": "临港区", "no": "GC-2026-09-0431"}
    own: tuple[dict[str, Any], ...] = (
        {"amount_cents": 26_310_000_000, "amount_label": "最高投标限价", "closes_at": now + timedelta(days=24)},
        {
            "amount_cents": 2_960_000_000,
            "amount_label": "预算金额",
            "closes_at": now + timedelta(hours=60),
            "due_was": now + timedelta(hours=30),
        },
        {"amount_cents": 92_300_000_000, "amount_label": "成交价", "due_text": "异议至 09-21", "due_tone": "urgent"},
        {"states": ["terminated"], "amount_text": "费率 3.2%", "due_text": "已终止"},
        {"states": ["reported"], "due_text": ""},
    )
    return [base | dict(zip(ROW_HEADS, texts, strict=True)) | more for texts, more in zip(ROW_TEXTS, own, strict=True)]


def _chain() -> list[dict[str, Any]]:
    done = [("招标计划", "06-02", 0), ("招标公告", "09-07", 0), ("澄清修改", "09-16", 2)]
    ahead = [
        ("开标", "10-09 09:30"),
        ("评标", "预计 10-09"),
        ("候选人公示", "不少于 3 日"),
        ("中标结果", ""),
        ("合同与履约", ""),
    ]
    steps: list[dict[str, Any]] = [
        {"label": n, "note": d, "count": c, "state": "done", "href": "#"} for n, d, c in done
    ]
    steps.append({"label": "递交投标", "note": "截止 10-09 09:30", "state": "current"})
    return steps + [{"label": n, "note": d, "state": "future"} for n, d in ahead]


def _charts(now: datetime) -> list[dict[str, Any]]:
    months = [f"{m} 月" for m in range(1, 9)]
    values = {
        "works": [82, 51, 104, 118, 126, 139, 121, 133],
        "procurement": [38, 22, 46, 51, 55, 62, 58, 60],
        "land": [24, 12, 48, 35, 62, 71, 44, 69],
        "property": [9, 6, 14, 12, 17, 19, 15, 21],
    }
    series = [{"name": name, "tone": code, "values": values[code]} for code, name, _, _ in LINES if code in values]
    about = {"source": "样例", "as_of": now.isoformat(), "definition_href": "/figures"}
    towns = ["市本级", "临港区", "云湖区", "新河区"]
    return [
        {
            "id": "c1",
            "title": "月度成交额",
            "unit": "亿元",
            "kind": "stack",
            "categories": months,
            "series": series,
            **about,
        },
        {
            "id": "c2",
            "title": "各区成交额",
            "unit": "亿元",
            "kind": "across",
            "categories": towns,
            "series": [{"name": "成交额", "tone": "works", "values": [612.4, 418.2, 286.9, 204.1]}],
            **about,
        },
        {
            "id": "c3",
            "title": "公告数",
            "unit": "条",
            "kind": "line",
            "categories": months,
            "series": [{"name": "公告", "tone": "land", "values": values["works"]}],
            "say": "八月比七月多一成。",
            **about,
        },
    ]


def _days(now: datetime) -> list[dict[str, Any]]:
    days = []
    for ahead in range(14):
        date = now + timedelta(days=ahead)
        marks = [
            {
                "label": word,
                "count": 12 - ahead // 2,
                "unit": unit,
                "tone": tone,
                "href": f"/notices?closing={date:%Y-%m-%d}",
            }
            for word, unit, tone in (("截止", "项", "closing"), ("开标", "场", "opening"), ("竞价", "场", "auction"))
        ]
        weekend = date.weekday() > 4
        days.append(
            {
                "date": f"{date.day}",
                "name": "今天" if ahead == 0 else "周" + "一二三四五六日"[date.weekday()],
                "iso": f"{date:%Y-%m-%d}",
                "today": ahead == 0,
                "weekend": weekend,
                "marks": [] if weekend else marks,
            }
        )
    return days


def _navigation() -> dict[str, Any]:
    return {
        "strip": [
            {"icon": i, "value": v, "unit": u, "label": t, "href": "#", "hot": t == "正在竞价"}
            for i, v, u, t in (
                ("megaphone", 186, "条", "今日新发公告"),
                ("gavel", 6, "场", "正在竞价"),
                ("monitor-play", 14, "场", "今日开标"),
                ("timer", 37, "项", "48 小时内截止"),
                ("message-square", 52, "项", "公示期内可提异议"),
            )
        ],
        "tab_items": [{"label": "全部", "count": 186, "href": "#", "current": True}]
        + [{"label": name, "count": 9, "href": "#"} for _, name, _, _ in LINES],
        "pane_tabs": [
            {"label": "公告正文", "href": "#text"},
            {"label": "变更对比", "count": 2, "href": "#changes"},
            {"label": "文件", "count": 1, "href": "#files"},
        ],
        "chip_items": [
            {"label": "不限", "href": "#", "current": True},
            {"label": "新公告", "href": "#"},
            {"label": "临港区", "href": "#", "removable": True},
        ],
        "facet_groups": [
            {
                "title": "市场",
                "items": [{"label": n, "count": 1203, "href": "#", "current": c == "works"} for c, n, _, _ in LINES],
            },
            {"title": "环节", "items": [{"label": "交易公告", "count": "2,000+", "href": "#"}], "more_href": "#"},
        ],
    }


def _openings(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": now,
            "title": title,
            "href": "#",
            "note": note,
            "state": state,
            "action_label": action,
            "action_href": "#",
        }
        for title, note, state, action in (
            ("东浦大道北延工程勘察设计", "已开标，6 家投标", "past", "记录"),
            ("临港区污水处理厂三期 EPC", "解密中 7/9", "on", "进入"),
            ("市图书馆智能书架采购", "签到将于 15:00 开放", "future", "日历"),
        )
    ]


def _auctions() -> list[dict[str, Any]]:
    return [
        {
            "line": "property",
            "line_label": "产权",
            "title": "云帆检测 51% 股权网络竞价",
            "href": "#",
            "price_cents": 8_130_360_000,
            "premium": "+12.68%",
            "offers": 23,
            "left_text": "00:02:41",
            "phase": "延时第 3 次",
            "urgent": True,
        },
        {
            "line": "land",
            "line_label": "土地",
            "title": "南塘区 NT-03-05 地块",
            "href": "#",
            "price_cents": 136_500_000_000,
            "premium": "+18.70%",
            "offers": 41,
            "left_text": "00:18:05",
            "phase": "限时竞价",
        },
    ]


def _entrances(now: datetime) -> dict[str, Any]:
    return {
        "kpi": [
            {"label": "成交项目", "value": 11284, "unit": "个", "note": "同比 +6.2%", "href": "#"},
            {"label": "成交总额", "value": "1,836.7", "unit": "亿元", "note": "同比 +3.9%"},
            {"label": "招标采购节约率", "value": "7.84", "unit": "%", "note": "节约 96.3 亿元"},
            {"label": "平均溢价率", "value": "13.6", "unit": "%", "note": "增值 58.1 亿元"},
        ],
        "roles": [
            {"icon": i, "title": t, "text": "先看流程、材料和时限", "href": "/guide"}
            for i, t in (
                ("user-round", "投标人、供应商"),
                ("gavel", "竞买人、受让方"),
                ("briefcase", "招标人、采购人、转让方"),
                ("users", "代理机构"),
                ("graduation-cap", "评标评审专家"),
                ("scale", "行政监督部门"),
            )
        ],
        "plain": [{"title": "数字证书跨市场互认正式启用，无需重复办理", "href": "#", "at": now}],
    }


def _file(now: datetime, version: int, size: int, note: str) -> dict[str, Any]:
    return {
        "name": "招标文件",
        "href": "#",
        "note": note,
        "size": size,
        "sha256": DIGEST,
        "version": version,
        "published_at": now,
    }


def _proof(now: datetime, verdict: str) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "owner": "云湖区教育局",
        "source": "市工程交易系统",
        "sealed_at": now,
        "index": 1208336,
        "sha256": DIGEST,
        "sm3": DIGEST[::-1],
        "proof_href": "#",
        "check_href": "#",
        "version": 3,
    }


def _facts() -> dict[str, Any]:
    return {
        "fact_items": [
            {"label": "最高投标限价", "value": "18,642.00", "unit": "万元", "num": True},
            {"label": "投标保证金", "value": "80.00", "unit": "万元", "num": True},
            {"label": "招标人", "value": "云湖区教育局", "href": "#"},
            {"label": "代理机构", "value": "澄州明诚工程咨询", "href": "#"},
            {"label": "评标办法", "value": "综合评估法"},
            {"label": "行政监督", "value": None},
        ],
        "changes": [
            {"label": "投标截止", "old": "2026-09-29 09:30", "new": "2026-10-09 09:30"},
            {"label": "项目经理业绩", "old": "近 3 年完成单项 5 万平方米以上", "new": "近 5 年完成单项 3 万平方米以上"},
        ],
    }


def _detail(now: datetime) -> dict[str, Any]:
    return {
        "blocks": [
            {"type": "heading", "text": "一、招标条件"},
            {
                "type": "paragraph",
                "text": "本工程已批准建设，资金来自区财政，出资 100%。现进行公开招标，采用资格后审。",
            },
            {
                "type": "table",
                "rows": [
                    ["标段", "内容", "最高限价（万元）"],
                    ["01 标段", "教学楼、综合楼、体育馆、室外工程", "18,642.00"],
                ],
            },
        ],
        "files": [_file(now, 3, 4404019, "PDF，含电子签章"), _file(now, 2, 4000, "PDF") | {"superseded": True}],
        "steps": [
            {"title": "开标", "note": "不见面开标 3 厅", "state": "future", "at": now + timedelta(days=20)},
            {"title": "招标文件澄清（第 2 号）", "note": "修改 3 处", "state": "current", "href": "#", "at": now},
            {"title": "招标公告", "note": "附招标文件 v1", "href": "#", "at": now - timedelta(days=9)},
            {"title": "招标计划", "state": "missing"},
        ],
        "proofs": [_proof(now, verdict) for verdict in ("一致", "不一致", "")],
        "people": [{"name": "云湖区教育局", "person": "林老师", "phone": "0577-0000 2201"}],
    }


def _form() -> dict[str, Any]:
    return {
        "inputs": [
            {"name": "closes_on", "label": "投标截止", "value": "2026-10-01", "hint": "北京时间", "required": True},
            {"name": "reason", "label": "原因", "type": "textarea"},
            {
                "name": "method",
                "label": "方式",
                "choices": [("open", "公开招标"), ("invited", "邀请招标")],
                "value": "open",
            },
            {"name": "no", "label": "项目编号", "value": "GC-2026-09-0417", "readonly": True, "required": True},
        ],
        "table": {
            "label": "样表",
            "columns": [{"label": "名称"}, {"label": "金额（万元）", "right": True}],
            "rows": [[{"text": "云湖区教育局", "href": "#"}, "18,642.00"]],
        },
    }


def samples(now: datetime) -> dict[str, Any]:
    violations = (
        Violation("dates.too_short", "投标截止距发出文件不足 20 日", "closes_on", "招标投标法第二十四条", "2026-10-12"),
    )
    return {
        "sample_lines": LINES,
        "states": list(STATES),
        "banners": list(BANNERS),
        "rows": _rows(now),
        "chain": _chain(),
        "markets": [_market(code, name, icon) for code, name, _, icon in LINES[:4]],
        "others": _market("others", "其他交易", "layers"),
        "charts": _charts(now),
        "days": _days(now),
        "violations": violations,
        "clocks": [now + timedelta(hours=ahead) for ahead in (503, 60, 5, -1)],
        "was": now - timedelta(days=3),
        "scopes": [("", "全部"), ("works", "工程建设")],
        "hot": [{"label": "本周截止", "href": "#"}, {"label": "临港区地块", "href": "#"}],
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "工程建设", "href": "#"}, {"label": "项目详情"}],
        "bar": [
            {"label": "日历", "href": "#", "icon": "calendar-plus"},
            {"label": "参与投标", "href": "#", "primary": True},
        ],
        **_navigation(),
        "openings": _openings(now),
        "auctions": _auctions(),
        **_entrances(now),
        **_facts(),
        **_detail(now),
        **_form(),
    }

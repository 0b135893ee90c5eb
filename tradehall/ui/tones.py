"""Which tone and icon a state, stage or banner shows.

The words are defaults; the app that owns a state may give its own.
"""

STAGE_TONES = {
    "plan": "quiet",
    "notice": "info",
    "change": "warn",
    "opening": "info",
    "review": "ok",
    "result": "ok",
    "contract": "ok",
    "fulfillment": "ok",
    "abnormal": "error",
    "allocation": "quiet",
    "other": "quiet",
}

STATES = {  # state: (word, tone, icon)
    "new": ("新发布", "info", ""),
    "open": ("进行中", "info", ""),
    "corrected": ("已更正", "warn", "file-diff"),
    "changed": ("已变更", "warn", "file-diff"),
    "extended": ("已延期", "warn", "history"),
    "suspended": ("已暂停", "warn", "octagon-pause"),
    "failed": ("流标废标", "error", "circle-x"),
    "terminated": ("已终止", "error", "ban"),
    "withdrawn": ("已撤回", "error", "file-x"),
    "superseded": ("已被取代", "quiet", "history"),
    "closed": ("已截止", "quiet", "clock"),
    "awarded": ("已成交", "ok", "circle-check"),
    "performed": ("已履约", "ok", "badge-check"),
    "reported": ("外部报送", "outline", ""),
    "missing": ("未报送", "quiet", ""),
}

BANNERS = {  # kind: (title, tone, icon)
    "superseded": ("本版本已被取代", "warn", "history"),
    "withdrawn": ("本公告已撤回，原文保留", "error", "file-x"),
    "suspended": ("本项目已暂停", "warn", "octagon-pause"),
    "terminated": ("本项目已终止", "error", "ban"),
    "extended": ("截止时间已改", "warn", "history"),
    "partial": ("部分数据暂不可用", "warn", "triangle-alert"),
    "info": ("说明", "info", "info"),
}

NOTE_ICONS = {"info": "info", "warn": "triangle-alert", "error": "circle-alert", "ok": "circle-check"}

FORMATS = {  # suffix: (label, icon)
    "atom": ("Atom", "rss"),
    "csv": ("CSV", "download"),
    "json": ("JSON", "code-xml"),
    "ics": ("iCal", "calendar-plus"),
}

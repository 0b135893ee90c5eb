"""The system's pages, as plain as can be: who is in and for whom, what was pushed, what was received."""

import json
from html import escape
from typing import Any

from tests.peers.trading_system.settings import Settings
from tests.peers.trading_system.store import Store

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><h1>{name}</h1>{body}</html>"""


def page(settings: Settings, body: str) -> bytes:
    return PAGE.format(name=escape(settings.name), body=body).encode()


def home(settings: Settings, store: Store, who: dict[str, Any] | None) -> bytes:
    return page(settings, (_person(who) if who else _nobody()) + _pushed(store) + _received(store))


def _nobody() -> str:
    return '<p id="who">未登录</p><p><a href="/login">用公共资源交易平台的账号登录</a></p>'


def _person(who: dict[str, Any]) -> str:
    body = f"{who.get('org_name', '本人')} {who.get('org_code', '')}".strip()
    roles = "、".join(who.get("roles", []))
    return (
        f'<p id="who">{escape(who["name"])}</p><p id="organisation">{escape(body)}</p><p id="roles">{escape(roles)}</p>'
        f'<p id="acr">{escape(who["acr"])}</p><form method="post" action="/push"><button>报送示例记录</button></form>'
        '<form method="post" action="/refresh"><button>换发令牌</button></form>'
        '<form method="post" action="/logout"><button>退出</button></form>'
    )


def _pushed(store: Store) -> str:
    rows = store.run("select data_set, receipt from pushed order by id desc limit 20")
    shown = [(row["data_set"], json.loads(row["receipt"])) for row in rows]
    lines = [f"<li>{escape(name)} {escape(one['data_key'])} {escape(one['status'])}</li>" for name, one in shown]
    return f'<h2>报送过的</h2><ul id="pushed">{"".join(lines)}</ul>'


def _received(store: Store) -> str:
    rows = store.run("select position, item, way from received order by position desc limit 20")
    lines = [
        f"<li>{row['position']} {escape(row['way'])} {escape(str(json.loads(row['item']).get('kind')))}"
        f" {escape(str(json.loads(row['item']).get('no')))}</li>"
        for row in rows
    ]
    return f'<h2>收到的</h2><ul id="received">{"".join(lines)}</ul>'

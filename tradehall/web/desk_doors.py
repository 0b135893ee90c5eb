"""Which pages of the desk a person may open: the menu beside every page of his, and the way back to it.

Said once, for the menu and for the front page; each page still judges for itself who may see it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tradehall.web.acting import Acting, acting_of

GRANT_DESK = frozenset({"steward", "centre", "administrator", "authority"})
MANDATE_DESK = frozenset({"principal", "agency", "steward"})
EXCHANGE_DESK = frozenset({"centre", "administrator"})
EVENT_DESK = frozenset({"supervisor", "discipline", "auditor", "authority"})
CENTRE = frozenset({"centre"})


@dataclass(frozen=True, slots=True)
class Door:
    """`roles` None: everybody signed in; `also`: addresses that belong to it though they begin otherwise."""

    label: str
    href: str
    note: str
    icon: str
    roles: frozenset[str] | None = None
    also: tuple[str, ...] = ()

    def covers(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") for one in (self.href, *self.also))


FRONT = Door("工作台", "/desk", "待办和身份", "briefcase")
WORK = (
    Door("登记审核", "/desk/registrations", "与权威来源比对，通过或退回", "file-check-2", CENTRE),
    Door("主体归并", "/desk/joins", "名称证实后并入代码，重复的主体合并或拆开", "link-2", CENTRE),
    Door("授权管理", "/desk/grants", "提出、批准和终止授权", "users", GRANT_DESK),
    Door("委托管理", "/desk/mandates", "出具、查看和终止委托书", "file-text", MANDATE_DESK),
    Door("交易过程", "/desk/events", "监督范围内各交易系统正在进行的交易", "monitor-play", EVENT_DESK),
    Door("数据交换", "/desk/exchange", "收下、退回及原因、重新判定、推送滞后", "git-compare", EXCHANGE_DESK),
    Door("国家平台", "/desk/national", "待送和退回的记录、重新发送、每日对账", "landmark", EXCHANGE_DESK),
    Door("邮件", "/desk/deliveries", "待发、重试、被拒收的邮件，重新发送", "inbox", EXCHANGE_DESK),
    Door("接入系统", "/desk/clients", "登记和停用用本平台账号登录的交易系统", "code-xml", EXCHANGE_DESK),
    Door(
        "主体登记", "/desk/organisation", "单位、人员、资质、证照和账户；各市场还缺什么", "building-2",
        also=("/register", "/desk/numbers"),
    ),
)  # fmt: skip
OWN = (
    Door("消息", "/desk/messages", "关注的项目有新公告、变更、临近截止时的提醒", "bell"),
    Door("订阅", "/desk/subscriptions", "关注的项目、标段、主体和检索，接收提醒的邮箱", "star"),
    Door("交易系统", "/systems", "已接入的交易系统，点开即进入，不再输入口令", "layers"),
    Door("我的账号", "/account", "口令、第二步验证、通行密钥、数字证书、登录", "user-round"),
)


def doors(acting: Acting) -> list[Door]:
    """What this actor may open, his work before what is his own."""
    return [one for one in (*WORK, *OWN) if one.roles is None or one.roles & acting.actor.roles]


def menu(acting: Acting, path: str) -> dict[str, Any]:
    """The doors with the one of this page marked, and the steps that led here."""
    found = [FRONT, *doors(acting)]
    here = next((one for one in found[1:] if one.covers(path)), FRONT)
    items = [{"label": one.label, "href": one.href, "icon": one.icon, "current": one is here} for one in found]
    crumbs = [{"label": "首页", "href": "/"}, {"label": FRONT.label, "href": FRONT.href}]
    return {
        "items": items,
        "crumbs": crumbs + ([{"label": here.label, "href": here.href}] if here is not FRONT else []),
    }


def shown(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk`, made only by a page of the desk."""
    return {"desk": SimpleLazyObject(lambda: _of(request))}


def _of(request: HttpRequest) -> dict[str, Any] | None:
    acting = acting_of(request)
    return menu(acting, request.path) if acting else None

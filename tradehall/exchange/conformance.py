"""Asks a trading system what it must answer, rule by rule; docs/connecting.md says what each rule is for.

Reads what the system says of itself at `/.well-known/tradehall.json`. Sends it genuine messages, and altered, old and
forged ones; never a message about a real trade or a real session. Prints nothing itself.
"""

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from tradehall.exchange.conformance_tokens import LogoutTokens
from tradehall.exchange.models import InboundRecord, Webhook
from tradehall.exchange.signing import Signers, headers, new_secret, secret_bytes, signers_of

WELL_KNOWN = "/.well-known/tradehall.json"
ADDRESSES = ("redirect", "backchannel", "webhook", "push_test")
SECONDS = 10.0
LONGEST = 1 << 20
FOREIGN = "https://elsewhere.example/"
EMPTY = b'{"items":[],"next":0}'


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: str
    is_passed: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` 0: none came."""

    status: int
    body: bytes = b""
    location: str = ""
    words: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        return 400 <= self.status < 500

    def __str__(self) -> str:
        return f"HTTP {self.status}" if self.status else self.words


@dataclass(slots=True)
class Peer:
    """What is known of the system: where it listens, and with what the platform signs towards it."""

    url: str
    addresses: dict[str, str] = field(default_factory=dict)
    signers: Signers | None = None
    tokens: LogoutTokens | None = None


Check = Callable[[Peer], tuple[bool, str]]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def examine(url: str) -> Iterator[Verdict]:
    """One verdict a rule, in the order of `RULES`; without addresses nothing else can be asked."""
    peer = Peer(url.rstrip("/"))
    passed, words = _discovery(peer)
    yield Verdict("discovery", passed, words)
    if not passed:
        yield from (Verdict(rule, False, "没有地址，无法检查") for rule in list(RULES)[1:])
        return
    peer.signers, peer.tokens = _signers(peer), LogoutTokens.of(peer.addresses["backchannel"])
    for rule, check in RULES.items():
        if rule != "discovery":
            yield Verdict(rule, *check(peer))


def _discovery(peer: Peer) -> tuple[bool, str]:
    reply = ask("GET", peer.url + WELL_KNOWN)
    try:
        stated = json.loads(reply.body) if reply.is_good else None
    except ValueError:
        stated = None
    if not isinstance(stated, dict):
        return False, f"{WELL_KNOWN} 没有给出 JSON：{reply}"
    wrong = [name for name in ADDRESSES if not _is_own(stated.get(name), peer.url)]
    if wrong:
        return False, f"缺少或不在同一站点：{'、'.join(wrong)}"
    peer.addresses = {name: str(stated[name]) for name in ADDRESSES}
    return True, ""


def _is_own(address: object, url: str) -> bool:
    return isinstance(address, str) and urlsplit(address)[:2] == urlsplit(url)[:2]


def _signers(peer: Peer) -> Signers | None:
    found = Webhook.objects.filter(url=peer.addresses["webhook"], ended_at__isnull=True).first()
    return signers_of(found) if found else None


def ask(method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """No redirects, few seconds, a short answer."""
    request = urllib.request.Request(address, body, dict(headers or {}), method=method)
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return Reply(answer.status, answer.read(LONGEST))
    except urllib.error.HTTPError as answer:
        with answer:
            return Reply(answer.code, answer.read(LONGEST), answer.headers.get("Location") or "")
    except (OSError, HTTPException, ValueError) as problem:
        return Reply(0, words=f"没有应答（{type(problem).__name__}）")


# ── redirect: where the browser comes back from signing in ──────────────────────────────────────────────────────────
def _redirect(peer: Peer, **query: str) -> Reply:
    return ask("GET", f"{peer.addresses['redirect']}?{urlencode(query)}")


def _redirect_state(peer: Peer) -> tuple[bool, str]:
    reply = _redirect(peer, code=secrets.token_urlsafe(16), state=secrets.token_urlsafe(16))
    return reply.is_refusal, f"{reply}，应拒绝从未发出的 state"


def _redirect_error(peer: Peer) -> tuple[bool, str]:
    reply = _redirect(peer, error="access_denied", state=secrets.token_urlsafe(16))
    return 0 < reply.status < 500, f"{reply}，登录被拒时不应出错"


def _redirect_closed(peer: Peer) -> tuple[bool, str]:
    names = ("next", "return_to", "redirect_uri", "url")
    reply = _redirect(peer, code="x", state="y", **dict.fromkeys(names, FOREIGN))
    return not reply.location.startswith(FOREIGN), f"{reply}，不应转向请求中给出的外部地址"


# ── backchannel: the platform says that a sign-in has ended ─────────────────────────────────────────────────────────
def _logout(peer: Peer, token: str) -> Reply:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", peer.addresses["backchannel"], urlencode({"logout_token": token}).encode(), kind)


def _logout_rule(make: str, is_accepted: bool, words: str) -> Check:
    def check(peer: Peer) -> tuple[bool, str]:
        if peer.tokens is None:
            return False, "这个 backchannel 地址没有登记；先用 tradehall client add 登记"
        reply = _logout(peer, getattr(peer.tokens, make)())
        return reply.is_good if is_accepted else reply.is_refusal, f"{reply}，{words}"

    return check


def _logout_replay(peer: Peer) -> tuple[bool, str]:
    if peer.tokens is None:
        return False, "这个 backchannel 地址没有登记；先用 tradehall client add 登记"
    token = peer.tokens.genuine()
    first, second = _logout(peer, token), _logout(peer, token)
    return first.is_good and second.is_refusal, f"先 {first} 后 {second}，同一 jti 第二次应拒绝"


# ── webhook: the platform delivers a part of the feed ───────────────────────────────────────────────────────────────
def _deliver(peer: Peer, signed: Mapping[str, str], body: bytes = EMPTY) -> Reply:
    return ask("POST", peer.addresses["webhook"], body, {"Content-Type": "application/json", **signed})


def _signed(signers: Signers, body: bytes, at: datetime | None = None) -> dict[str, str]:
    when = at or datetime.now(UTC)
    return dict(headers(signers, message_id=f"conformance-{secrets.token_hex(8)}", at=when, body=body))


def _webhook_rule(check: Callable[[Peer, Signers], tuple[bool, str]]) -> Check:
    def checked(peer: Peer) -> tuple[bool, str]:
        if peer.signers is None:
            return False, "这个 webhook 地址没有订阅；先用 tradehall system webhook 登记"
        return check(peer, peer.signers)

    return checked


def _webhook_accepts(peer: Peer, signers: Signers) -> tuple[bool, str]:
    reply = _deliver(peer, _signed(signers, EMPTY))
    return reply.is_good, f"{reply}，应收下签名正确的消息"


def _webhook_repeat(peer: Peer, signers: Signers) -> tuple[bool, str]:
    signed = _signed(signers, EMPTY)
    first, second = _deliver(peer, signed), _deliver(peer, signed)
    return first.is_good and second.is_good, f"先 {first} 后 {second}，重复送达应回 2xx 且不再处理"


def _webhook_unsigned(peer: Peer, signers: Signers) -> tuple[bool, str]:
    reply = _deliver(peer, {})
    return reply.is_refusal, f"{reply}，应拒绝没有签名的消息"


def _webhook_forged(peer: Peer, signers: Signers) -> tuple[bool, str]:
    forger = Signers([secret_bytes(new_secret())], [])
    reply = _deliver(peer, _signed(forger, EMPTY))
    return reply.is_refusal, f"{reply}，应拒绝别的密钥签名的消息"


def _webhook_altered(peer: Peer, signers: Signers) -> tuple[bool, str]:
    reply = _deliver(peer, _signed(signers, EMPTY), b'{"items":[],"next":1}')
    return reply.is_refusal, f"{reply}，应拒绝内容与签名不符的消息"


def _webhook_old(peer: Peer, signers: Signers) -> tuple[bool, str]:
    old = datetime.now(UTC) - timedelta(hours=1)
    reply = _deliver(peer, _signed(signers, EMPTY, old))
    return reply.is_refusal, f"{reply}，应拒绝一小时前签名的消息（重放）"


# ── push_test: the system pushes one example record and says what it was told ───────────────────────────────────────
def _push(peer: Peer) -> tuple[bool, str]:
    reply = ask("POST", peer.addresses["push_test"], b"{}", {"Content-Type": "application/json"})
    receipts = _receipts(reply)
    good = [one for one in receipts if one.get("status") in ("accepted", "unchanged")]
    return bool(receipts) and len(good) == len(receipts), f"{reply}，应报送一条示例并给出收下的回执"


def _push_arrived(peer: Peer) -> tuple[bool, str]:
    """The receipts are true: the records stand in the platform."""
    began = time.time()
    reply = ask("POST", peer.addresses["push_test"], b"{}", {"Content-Type": "application/json"})
    keys = [str(one.get("data_key")) for one in _receipts(reply)]
    known = InboundRecord.objects.filter(data_key__in=keys).values_list("data_key", flat=True)
    words = f"{time.time() - began:.1f} 秒，回执中的 data_key 应能在平台查到"
    return bool(keys) and set(keys) == set(known), words


def _receipts(reply: Reply) -> list[dict[str, Any]]:
    try:
        stated = json.loads(reply.body) if reply.is_good else {}
    except ValueError:
        return []
    found = stated.get("receipts") if isinstance(stated, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


RULES: dict[str, Check] = {
    "discovery": _discovery,
    "redirect-refuses-unknown-state": _redirect_state,
    "redirect-survives-denial": _redirect_error,
    "redirect-leads-nowhere-else": _redirect_closed,
    "backchannel-accepts-genuine": _logout_rule("genuine", True, "应接受真实的 logout_token，会话不存在也一样"),
    "backchannel-refuses-unsigned": _logout_rule("unsigned", False, "应拒绝 alg 为 none 的 logout_token"),
    "backchannel-refuses-forged": _logout_rule("forged", False, "应拒绝别的密钥签名的 logout_token"),
    "backchannel-refuses-other-audience": _logout_rule("of_another", False, "应拒绝发给别的系统的 logout_token"),
    "backchannel-refuses-expired": _logout_rule("expired", False, "应拒绝过期的 logout_token"),
    "backchannel-refuses-nonce": _logout_rule("with_nonce", False, "应拒绝含 nonce 的 logout_token（那是 id_token）"),
    "backchannel-refuses-replay": _logout_replay,
    "webhook-accepts-signed": _webhook_rule(_webhook_accepts),
    "webhook-accepts-repeated": _webhook_rule(_webhook_repeat),
    "webhook-refuses-unsigned": _webhook_rule(_webhook_unsigned),
    "webhook-refuses-forged": _webhook_rule(_webhook_forged),
    "webhook-refuses-altered": _webhook_rule(_webhook_altered),
    "webhook-refuses-old": _webhook_rule(_webhook_old),
    "push-is-accepted": _push,
    "push-is-true": _push_arrived,
}

"""The addresses of the system. Plain `http.server`, so that nothing here hides how little connecting needs."""

import json
from collections.abc import Callable
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError

from tests.peers.trading_system import pages
from tests.peers.trading_system.following import Following
from tests.peers.trading_system.people import People, Refused
from tests.peers.trading_system.reporting import Reporting
from tests.peers.trading_system.settings import Settings
from tests.peers.trading_system.store import Store

MOST_BYTES = 2**20
COOKIE = "trading_session"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, settings: Settings) -> None:
        super().__init__(("127.0.0.1", settings.port), Handler)
        self.settings, self.store = settings, Store(settings.store)
        self.people = People(settings, self.store)
        self.reporting = Reporting(settings, self.store)
        self.following = Following(settings, self.store)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._answer(
            {
                "/": self.home,
                "/login": self.login,
                "/callback": self.callback,
                "/goodbye": self.home,
                "/status.json": self.status,
                "/.well-known/tradehall.json": self.well_known,
            }
        )

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(min(length, MOST_BYTES))
        self._answer(
            {
                "/logout": self.logout,
                "/refresh": self.refresh,
                "/push": self.push,
                "/push-test": self.push_test,
                "/backchannel": self.backchannel,
                "/webhook": self.webhook,
            }
        )

    # ── for people ──
    def home(self) -> None:
        self._send(200, pages.home(self.server.settings, self.server.store, self.server.people.who(self._cookie())))

    def login(self) -> None:
        """Our door. The platform names itself with `iss`; we sign in with the one platform we know, or not at all."""
        if self._query("iss") not in ("", self.server.settings.issuer):
            raise Refused("we do not know this provider")
        wishes = {name: self._query(name) for name in ("acr_values", "max_age", "prompt") if self._query(name)}
        self._go(self.server.people.begin(**wishes))

    def callback(self) -> None:
        if self._query("error"):
            words = f"<p>没有登录：{pages.escape(self._query('error'))}</p>"
            self._send(200, pages.page(self.server.settings, f'{words}<p><a href="/">返回</a></p>'))
            return
        cookie = self.server.people.come_in(self._query("state"), self._query("code"), self._query("iss"))
        self._go("/", f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax")

    def logout(self) -> None:
        self._go(self.server.people.leave(self._own_cookie()), f"{COOKIE}=; Path=/; Max-Age=0")

    def refresh(self) -> None:
        self.server.people.refresh(self._own_cookie())
        self._go("/")

    def push(self) -> None:
        self._own_cookie()
        self.server.reporting.push_everything()
        self._go("/")

    # ── for the platform ──
    def well_known(self) -> None:
        own = self.server.settings.own
        paths = {"redirect": "callback", "backchannel": "backchannel", "webhook": "webhook", "push_test": "push-test"}
        self._json({name: f"{own}/{path}" for name, path in paths.items()})

    def backchannel(self) -> None:
        token = parse_qs(self.body.decode("ascii", "replace")).get("logout_token", [""])[0]
        self.server.people.be_told(token)
        self._send(200, b"", {"Cache-Control": "no-store"})

    def webhook(self) -> None:
        self.server.following.be_delivered(self.headers, self.body)
        self._send(204, b"")

    def push_test(self) -> None:
        self._json({"receipts": self.server.reporting.push_one()})

    def status(self) -> None:
        count = {name: self.server.store.run(f"select count(*) as n from {name}")[0]["n"]
                 for name in ("person", "pushed", "received")}  # fmt: skip
        self._json({**count, "webhook": bool(self.server.store.kept("webhook_secret"))})

    # ── how it is said ──
    def _answer(self, routes: dict[str, Callable[[], None]]) -> None:
        act = routes.get(urlsplit(self.path).path)
        try:
            self._send(404, b"") if act is None else act()
        except (Refused, AuthlibBaseError) as refused:
            self._json({"error": str(refused)}, 400)
        except requests.RequestException:
            self._json({"error": "the platform did not answer"}, 502)

    def _query(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _cookie(self) -> str:
        found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return found.value if found else ""

    def _own_cookie(self) -> str:
        """For acts: the cookie is Lax, so a form of a foreign page comes without it and is nobody's."""
        cookie = self._cookie()
        if self.server.people.who(cookie) is None:
            raise Refused("nobody is signed in")
        return cookie

    def _go(self, address: str, cookie: str = "") -> None:
        self._send(303, b"", {"Location": address, **({"Set-Cookie": cookie} if cookie else {})})

    def _json(self, value: object, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Addresses carry codes and states: they are in no log."""

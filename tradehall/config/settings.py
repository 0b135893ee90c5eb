"""The one settings file: everything comes from the environment, and a wrong value stops the start in words."""

import hashlib
import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from tradehall.config.house import archive


def database(url: str, *, pool: int, options: str = "", connect_s: int = 0) -> dict[str, object]:
    """Django's settings for a libpq URL (socket hosts allowed); refuses what libpq cannot read."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    extra: dict[str, object] = {
        k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}
    }
    if connect_s:
        extra.setdefault("connect_timeout", connect_s)
    if options:
        extra["options"] = f"{extra.get('options') or ''} {options}".strip()
    if pool:
        extra["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "tradehall"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": extra,
    }


def _matching(name: str, default: str, pattern: str, words: str) -> str:
    value = os.environ.get(name, "") or default
    if not re.fullmatch(pattern, value):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be {words}.")
    return value


def mail_password_file(user: str, security: str) -> str:
    """A password goes to the mail server encrypted, and comes from a file."""
    if not user:
        return ""
    path = os.environ.get("TRADEHALL_MAIL_PASSWORD_FILE") or ""
    if not Path(path).is_file() or security == "none":
        raise ImproperlyConfigured(
            "TRADEHALL_MAIL_USER is set: TRADEHALL_MAIL_PASSWORD_FILE must name a file with the password, and "
            "TRADEHALL_MAIL_SECURITY must be starttls or tls."
        )
    return path


def mail_sender(host: str) -> str:
    """Mails that leave this machine come from an address of ours, which nobody can guess."""
    stated = os.environ.get("TRADEHALL_MAIL_SENDER") or ""
    if not stated and host not in ("", "127.0.0.1", "localhost"):
        raise ImproperlyConfigured(
            "TRADEHALL_MAIL_HOST is set: TRADEHALL_MAIL_SENDER must be the address mails come from."
        )
    return _matching("TRADEHALL_MAIL_SENDER", "noreply@tradehall.example", r"[^@\s<>]+@[^@\s<>]+", "a mail address")


def hall_apps(issuer: str, name: str) -> list[dict[str, object]]:
    """What the sign-in library must know of the service hall. Its identities are named by issuer and subject."""
    if not issuer:
        return []
    secret_file = os.environ.get("TRADEHALL_HALL_OIDC_CLIENT_SECRET_FILE") or ""
    client_id = os.environ.get("TRADEHALL_HALL_OIDC_CLIENT_ID") or ""
    if not client_id or not Path(secret_file).is_file():
        raise ImproperlyConfigured(
            "TRADEHALL_HALL_OIDC_ISSUER is set: TRADEHALL_HALL_OIDC_CLIENT_ID must be too, and "
            "TRADEHALL_HALL_OIDC_CLIENT_SECRET_FILE must name a file with the secret."
        )
    return [
        {
            "provider_id": "hall-" + hashlib.sha256(issuer.encode()).hexdigest()[:12],
            "name": name,
            "client_id": client_id,
            "secret": Path(secret_file).read_text("utf-8").strip(),
            "settings": {"server_url": issuer, "fetch_userinfo": False},
        }
    ]


ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("TRADEHALL_HOME") or "var").resolve()
PORT = int(_matching("TRADEHALL_PORT", "8000", r"[1-9]\d{2,4}", "a port number"))
# Where this host's pages and streams listen: beside a proxy on the same machine, or an address that the proxy reaches.
BIND = os.environ.get("TRADEHALL_BIND") or "127.0.0.1"
KIND = _matching("TRADEHALL_KIND", "demo", "demo|production", "demo or production")
SITE_NAME = os.environ.get("TRADEHALL_SITE_NAME") or "公共资源交易平台"
# The public address, without a slash at the end: open data needs absolute addresses, pages do not.
SITE_URL = _matching("TRADEHALL_SITE_URL", f"http://127.0.0.1:{PORT}", r"https?://[^/\s]+", "an address without a path")
OCID_PREFIX = _matching("TRADEHALL_OCID_PREFIX", "ocds-demo00", r"ocds-[a-z0-9]{6}", "ocds- and six letters or digits")
OCID_PREFIX_IS_DEMO = OCID_PREFIX == "ocds-demo00"
# The national platform: without its address nothing is sent there. Our own code and theirs stand in every package; the
# default codes are those of the demonstration city.
NATIONAL_URL = _matching("TRADEHALL_NATIONAL_URL", "", r"(https?://\S+)?", "an address").rstrip("/")
NATIONAL_SECONDS = float(_matching("TRADEHALL_NATIONAL_TIMEOUT", "15", r"\d{1,3}(\.\d)?", "seconds"))
NATIONAL_CODE = _matching("TRADEHALL_NATIONAL_CODE", "11100000000000019F", r"[0-9A-Z]{18}", "a code of 18 characters")
PLATFORM_CODE = _matching("TRADEHALL_PLATFORM_CODE", "129901000009900160", r"[0-9A-Z]{18}", "a code of 18 characters")
# The national suite adds an SM2 signature under every checkpoint; it needs an OpenSSL that knows SM2.
NATIONAL_SUITE = _matching("TRADEHALL_SUITE", "international", "international|national", "a suite") == "national"
# Whose X-Forwarded-For and -Proto are believed; nobody's unless said. Addresses and networks with commas.
PROXIES = os.environ.get("TRADEHALL_PROXIES") or ""
# The log's name in checkpoints and keys, once and for ever.
LOG_ORIGIN = _matching(
    "TRADEHALL_LOG_ORIGIN", "tradehall.example/log", r"[^\s+]{3,200}", "a name without blank and plus"
)
# Where a demonstration's own registry office says that it listens, unless TRADEHALL_AUTHORITY_URL names another source.
AUTHORITY_FILE = HOME / "run" / "authority"
# Another disk that receives documents and sealed keys besides (the database streams there by itself).
ARCHIVE = archive.place(HOME / "db")
BACKUP_PASSPHRASE = os.environ.get("TRADEHALL_BACKUP_PASSPHRASE") or ""
COLUMN_KEYS = os.environ.get("TRADEHALL_COLUMN_KEYS_FILE") or ""  # else among the other keys
# Set by whoever starts this process: the supervisor, or a command for itself.
PROCESS = os.environ.get("TRADEHALL_PROCESS", "")
SECRET_KEY = os.environ.get("TRADEHALL_SECRET_KEY") or "only-for-tests-and-commands-that-sign-nothing"
DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL") or "postgresql:///tradehall",
        pool=int(os.environ.get("TRADEHALL_DB_POOL") or "0"),
        options=os.environ.get("TRADEHALL_DB_OPTIONS", ""),
    )
}
# A standby that builds public pages when it has replayed what they need (docs/decisions/0012); nothing else asks it.
REPLICA_URL = os.environ.get("DATABASE_REPLICA_URL") or ""
if REPLICA_URL:
    _options = os.environ.get("TRADEHALL_DB_OPTIONS", "")
    # A machine that is gone must not hold up a page, nor the measuring of everything else.
    DATABASES["replica"] = database(REPLICA_URL, pool=0, options=_options, connect_s=3) | {
        "CONN_MAX_AGE": 60,
        "TEST": {"MIRROR": "default"},
    }
DEBUG = False
ALLOWED_HOSTS = ["*"]  # links are relative; nothing is built from the Host header
ROOT_URLCONF = "tradehall.config.urls"
WSGI_APPLICATION = "tradehall.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tradehall.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "tradehall.accounts.forms.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False  # a browser that is closed is signed out
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # our own lock-out counts recorded attempts (docs/decisions/0005)
LOGIN_URL, LOGIN_REDIRECT_URL = "/login", "/desk"
CSRF_FAILURE_VIEW = "tradehall.accounts.views.pages.stale_form"
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
MFA_ADAPTER = "tradehall.accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "tradehall.accounts.forms.CodeForm",
    "reauthenticate": "tradehall.accounts.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # one step of 30 s either way; a code that served once serves no more
MFA_TOTP_ISSUER = SITE_NAME
SOCIALACCOUNT_ADAPTER = "tradehall.accounts.adapters.HallAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
# The service hall as upstream OpenID Provider; without an issuer there is no such way in.
HALL_ISSUER = (os.environ.get("TRADEHALL_HALL_OIDC_ISSUER") or "").rstrip("/")
HALL_NAME = os.environ.get("TRADEHALL_HALL_NAME") or "政务服务统一身份认证"
HALL_APPS = hall_apps(HALL_ISSUER, HALL_NAME)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": HALL_APPS, "OAUTH_PKCE_ENABLED": True}}
# Mail: a server by SMTP; without one a demonstration keeps its mails in a folder, and production sends none and says so.
MAIL_HOST = _matching("TRADEHALL_MAIL_HOST", "", r"[A-Za-z0-9.:-]*", "a host name")
MAIL_PORT = int(_matching("TRADEHALL_MAIL_PORT", "587", r"[1-9]\d{0,4}", "a port number"))
MAIL_SECURITY = _matching("TRADEHALL_MAIL_SECURITY", "starttls", "starttls|tls|none", "starttls, tls or none")
MAIL_USER = os.environ.get("TRADEHALL_MAIL_USER") or ""
MAIL_PASSWORD_FILE = mail_password_file(MAIL_USER, MAIL_SECURITY)
MAIL_SENDER = mail_sender(MAIL_HOST)
MAIL_SECONDS = float(_matching("TRADEHALL_MAIL_TIMEOUT", "30", r"\d{1,3}(\.\d)?", "seconds"))
MAIL_FOLDER = HOME / "mail" if KIND == "demo" and not MAIL_HOST else None
# How long what somebody follows stays in his messages: after he read it, and when he never did.
MESSAGES_READ_DAYS = int(_matching("TRADEHALL_MESSAGES_READ_DAYS", "365", r"[1-9]\d{1,4}", "10 days or more"))
MESSAGES_UNREAD_DAYS = int(_matching("TRADEHALL_MESSAGES_UNREAD_DAYS", "1096", r"[1-9]\d{1,4}", "10 days or more"))
# Who may show our widget inside a page of his: the service hall, and nobody without this. Nothing else may be framed.
HALL_ORIGIN = _matching(
    "TRADEHALL_HALL_ORIGIN",
    "",
    r"((https://[\w.-]+|http://(127\.0\.0\.1|localhost))(:\d+)?)?",
    "an https origin without a path",
)
IDP_OIDC_ADAPTER = "tradehall.web.oidc.adapter.ProviderAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
APPS = [
    "ui", "reference", "journal", "accounts", "documents", "messages", "parties", "procedures", "planning", "tenders",
    "works", "procurement", "land", "property", "carbon", "others", "disclosure", "exchange", "web",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    *[f"tradehall.{app}.apps.{app.capitalize()}Config" for app in APPS],
]
MIDDLEWARE = [
    "tradehall.config.proxies.behind_proxy",
    "tradehall.config.headers.timing",
    "tradehall.ui.middleware.security",
    "tradehall.ui.api_errors.answers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tradehall.web.limits.limits",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tradehall.accounts.middleware.sign_ins",
    "tradehall.ui.middleware.choices",
    "tradehall.web.redirects.old_addresses",
    *(["tradehall.config.replica.remember_writing"] if REPLICA_URL else []),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "tradehall.ui.context.shell",
                "tradehall.accounts.context.session",
                "tradehall.web.acting.shown",
                "tradehall.web.unread.shown",
                "tradehall.web.desk_doors.shown",
            ],
        },
    }
]
PROCRASTINATE_IMPORT_PATHS = ["tradehall.config.upkeep"]  # beside the `tasks` of each app
UI_CLOCK = "tradehall.journal.clock.platform_now"
# Idle this long, a person is out; whoever works stays in. The page says when, and keeps what was typed.
SESSION_COOKIE_AGE = 60 * int(_matching("TRADEHALL_SESSION_MINUTES", "30", r"[1-9]\d{0,3}", "a number of minutes"))
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
# Shared by all web processes: a one-time code that served once must be known to all of them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"}}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# For one address: pages a second in the long run, and at once. This machine itself is limited only when told to.
PAGES_PER_SECOND, PAGES_AT_ONCE = 40.0, 200.0
LIMIT_LOOPBACK = os.environ.get("TRADEHALL_LIMIT", "") == "on"
# For one trading system: records a second in the long run, and at once, over all servers.
EXCHANGE_RECORDS_PER_SECOND, EXCHANGE_RECORDS_AT_ONCE = 2_000.0, 50_000.0
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20  # the data interface takes 10 MiB and must be able to refuse more in words
# Served processes use collected, hashed files; tests and commands read them where they lie.
STATIC_URL = "/static/"
STATIC_IS_COLLECTED = bool(PROCESS) and PROCESS != "command"
STATIC_ROOT = HOME / "static" if STATIC_IS_COLLECTED else None
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
WHITENOISE_MANIFEST_STRICT = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # The supervisor points stderr of each process to its own file below TRADEHALL_HOME/log.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if STATIC_IS_COLLECTED else "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

"""The one settings file: everything comes from the environment, and a wrong value stops the start in words."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def database(url: str, *, pool: int, options: str = "") -> dict[str, object]:
    """Django's settings for a libpq URL (socket hosts allowed); refuses what libpq cannot read."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    extra: dict[str, object] = {
        k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}
    }
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


ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("TRADEHALL_HOME") or "var").resolve()
PORT = int(_matching("TRADEHALL_PORT", "8000", r"[1-9]\d{2,4}", "a port number"))
KIND = _matching("TRADEHALL_KIND", "demo", "demo|production", "demo or production")
SITE_NAME = os.environ.get("TRADEHALL_SITE_NAME") or "公共资源交易平台"
# The public address, without a slash at the end: open data needs absolute addresses, pages do not.
SITE_URL = _matching("TRADEHALL_SITE_URL", f"http://127.0.0.1:{PORT}", r"https?://[^/\s]+", "an address without a path")
OCID_PREFIX = _matching("TRADEHALL_OCID_PREFIX", "ocds-demo00", r"ocds-[a-z0-9]{6}", "ocds- and six letters or digits")
OCID_PREFIX_IS_DEMO = OCID_PREFIX == "ocds-demo00"
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
APPS = [
    "ui", "reference", "journal", "accounts", "documents", "parties", "procedures", "planning", "tenders",
    "works", "procurement", "land", "property", "others", "disclosure", "exchange", "web",
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
    "tradehall.ui.middleware.choices",
    "tradehall.web.redirects.old_addresses",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "tradehall.ui.context.shell"],
        },
    }
]
UI_CLOCK = "tradehall.journal.clock.platform_now"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
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

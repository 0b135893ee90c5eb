"""The one settings file: everything comes from the environment, and a wrong value stops the start in words."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("TRADEHALL_HOME", "var")).resolve()


def _database(url: str) -> dict[str, object]:
    """Django's settings for a libpq URL (socket hosts allowed); refuses what libpq cannot read."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    options = {k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "tradehall"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///tradehall"))}
SITE_NAME = os.environ.get("TRADEHALL_SITE_NAME", "公共资源交易平台")
OCID_PREFIX = os.environ.get("TRADEHALL_OCID_PREFIX", "ocds-demo00")
SECRET_KEY = os.environ.get("TRADEHALL_SECRET_KEY", "only-for-tests-and-commands-that-sign-nothing")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tradehall.config.urls"
WSGI_APPLICATION = "tradehall.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
STATIC_URL = "/static/"
AUTH_USER_MODEL = "accounts.Account"
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
    *[f"tradehall.{app}.apps.{app.capitalize()}Config" for app in APPS],
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

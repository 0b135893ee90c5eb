"""The shell over HTTP: style guide, modes and languages that stay, strict headers, the 404 page."""

import json
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory, override_settings

from tradehall.ui import context, middleware, views
from tradehall.ui.templatetags.hall import json_text, register

pytestmark = pytest.mark.urls("tradehall.ui.urls")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "tradehall.ui.context.shell"],
        },
    }
]
MIDDLEWARE = ["tradehall.ui.middleware.security", "tradehall.ui.middleware.choices"]


@pytest.fixture
def site(client: Client) -> Iterator[Client]:
    with override_settings(TEMPLATES=TEMPLATES, MIDDLEWARE=MIDDLEWARE, UI_CLOCK="django.utils.timezone.now"):
        yield client


def _text(response: HttpResponse) -> str:
    return response.content.decode()


def test_style_guide_uses_every_component(site: Client) -> None:
    response = site.get("/styleguide/")
    assert response.status_code == 200
    source = engines["django"].get_template("ui/styleguide.html").template.source
    library_only = {"query_with", "json_text", "stage_tag", "notice_row", "icon"}
    assert {name for name in set(register.tags) - library_only if not re.search(rf"{{% {name}\b", source)} == set()


def test_chosen_mode_shows_at_once_and_stays(site: Client) -> None:
    assert 'data-mode="elder"' in _text(site.get("/styleguide/?mode=elder"))
    assert 'data-mode="elder"' in _text(site.get("/accessibility"))
    assert 'data-mode="normal"' in _text(site.get("/accessibility?mode=normal"))
    assert 'data-mode="normal"' in _text(site.get("/accessibility?mode=nonsense"))


def test_language_changes_the_shell_only(site: Client) -> None:
    page = _text(site.get("/accessibility?lang=en"))
    assert "Skip to main content" in page
    assert "怎样使用" in page
    assert "跳到主要內容" in _text(site.get("/accessibility?lang=zh-hant"))


def test_mode_links_keep_the_query(site: Client) -> None:
    assert "?q=abc&amp;mode=elder" in _text(site.get("/sitemap?q=abc"))


def test_strict_headers(site: Client) -> None:
    response = site.get("/styleguide/")
    assert response["Content-Security-Policy"] == middleware.CSP
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" in response["Vary"]


def test_clock_says_the_platform_time(site: Client) -> None:
    response = site.get("/clock")
    assert json.loads(response.content)["now"].endswith("+08:00")
    assert response["Cache-Control"] == "no-store"


def test_unknown_address_offers_its_number_to_search(site: Client, rf: RequestFactory) -> None:
    with override_settings(TEMPLATES=TEMPLATES):
        response = views.not_found(rf.get("/n/N20260918000001"))
    assert response.status_code == 404
    assert 'value="N20260918000001"' in _text(response)


def test_markup_in_values_is_escaped(site: Client) -> None:
    page = engines["django"].from_string('{% load hall %}{% tag text %}{% line_tag "works" text %}')
    assert "<b>" not in page.render({"text": "<b>x</b>"})
    assert "</script>" not in json_text({"title": "</script>"})


def test_platform_clock_is_the_setting() -> None:
    with override_settings(UI_CLOCK="django.utils.timezone.now"):
        assert context.now().tzinfo is not None

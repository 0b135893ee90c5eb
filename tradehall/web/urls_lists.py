"""Addresses of the home page and the public lists, each list with its formats as suffixes. `web.urls` includes them."""

from django.urls import URLPattern, path

from tradehall.web.views import calendar, figures, home, lists, orgs

SEARCHES = ("search", "projects", "notices")

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    *[path(name, lists.show, {"name": name}, name=name) for name in SEARCHES],
    *[path(f"{name}.<str:suffix>", lists.show, {"name": name}, name=f"{name}-file") for name in SEARCHES],
    path("calendar", calendar.month, name="calendar"),
    path("calendar.<str:suffix>", calendar.month, name="calendar-file"),
    path("calendar/soon", calendar.soon, name="closing-soon"),
    path("calendar/soon.<str:suffix>", calendar.soon, name="closing-soon-file"),
    path("calendar/<str:on>.<str:suffix>", calendar.day, name="calendar-day-file"),
    path("calendar/<str:on>", calendar.day, name="calendar-day"),
    path("openings", calendar.openings, name="openings"),
    path("openings.<str:suffix>", calendar.openings, name="openings-file"),
    path("auctions", calendar.auctions, name="auctions"),
    path("auctions.<str:suffix>", calendar.auctions, name="auctions-file"),
    path("orgs", orgs.orgs, name="orgs"),
    path("orgs.<str:suffix>", orgs.orgs, name="orgs-file"),
    path("figures", figures.figures, name="figures"),
    path("figures.<str:suffix>", figures.figures, name="figures-file"),
]

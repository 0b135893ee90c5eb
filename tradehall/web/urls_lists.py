"""Addresses of the public lists; each with its formats as suffixes. `web.urls` includes them at the root."""

from django.urls import URLPattern, path

from tradehall.web.views import lists

urlpatterns: list[URLPattern] = [
    path("<str:name>", lists.show, {"name": name}, name=name) for name in ()
]
for name in ("search", "projects", "notices"):
    urlpatterns += [
        path(name, lists.show, {"name": name}, name=name),
        path(f"{name}.<str:suffix>", lists.show, {"name": name}, name=f"{name}-file"),
    ]

"""Every address of the URL map and every operation of the API, as data: what the permission matrix is generated from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from tradehall.config.api import api

CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
API = "/api/v1"


@dataclass(frozen=True)
class Address:
    """`key` is what the table names: `web:grants`, or `GET /feed` for an operation of the API."""

    key: str
    route: str
    methods: tuple[str, ...] = ()

    def path(self, samples: dict[str, str]) -> str:
        def sample(found: re.Match[str]) -> str:
            kind, name = found.groups()
            return samples.get(name, "1" if kind == "int" else "x")

        return CONVERTER.sub(sample, self.route.replace(r"\Z", ""))


def addresses() -> list[Address]:
    """Pages by name, then operations; several routes of one name are several addresses."""
    return [*_pages(get_resolver().url_patterns, "/", ()), *_operations()]


def _pages(patterns: list[URLPattern | URLResolver], prefix: str, names: tuple[str, ...]) -> Iterator[Address]:
    for one in patterns:
        route = prefix + _route(one)
        if isinstance(one, URLResolver):
            if one.namespace != "api":
                yield from _pages(one.url_patterns, route, (*names, one.namespace) if one.namespace else names)
        else:
            yield Address(":".join((*names, one.name or route)), route)


def _route(one: URLPattern | URLResolver) -> str:
    """Of a regular expression its fixed words, with the named groups as converters."""
    if not isinstance(one.pattern, RegexPattern):
        return str(one.pattern)
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", one.pattern._regex).strip("^$")


def _operations() -> Iterator[Address]:
    yield Address("GET /openapi.json", f"{API}/openapi.json", ("GET",))
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = re.sub(r"\{(?:(\w+):)?(\w+)\}", r"<\2>", "/" + "/".join((prefix + path).split("/")).lstrip("/"))
            for operation in view.operations:
                for method in operation.methods:
                    yield Address(f"{method} {route}", API + route, (method,))

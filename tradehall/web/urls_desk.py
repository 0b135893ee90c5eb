"""Addresses of the desk: the to-do list, the switch of the body acted for, grants and mandates. `web.urls` includes them."""

from django.urls import URLPattern, path

from tradehall.web.views import desk, desk_grants, desk_mandates

urlpatterns: list[URLPattern] = [
    path("desk", desk.desk, name="desk"),
    path("acting-for", desk.acting_for, name="acting-for"),
    path("desk/grants", desk_grants.grants, name="grants"),
    path("desk/grants/proposals/<int:number>/approve", desk_grants.approve_grant, name="approve-grant"),
    path("desk/grants/proposals/<int:number>/refuse", desk_grants.refuse_grant, name="refuse-grant"),
    path("desk/grants/<int:number>/end", desk_grants.end_grant, name="end-grant"),
    path("desk/mandates", desk_mandates.mandates, name="mandates"),
    path("desk/mandates/<str:mandate_no>/end", desk_mandates.end_mandate, name="end-mandate"),
]

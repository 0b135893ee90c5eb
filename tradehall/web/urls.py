"""Every public page address. Lists and detail pages; the ui's own pages and the API have their own."""

from django.urls import path

from tradehall.web.urls_desk import urlpatterns as desk
from tradehall.web.urls_exchange import urlpatterns as exchange
from tradehall.web.urls_lists import urlpatterns as lists
from tradehall.web.urls_messages import urlpatterns as messages
from tradehall.web.urls_register import urlpatterns as register
from tradehall.web.views import checks, clients, detail, files, law, parties, systems

app_name = "web"
urlpatterns = [
    *lists,
    path("p/<str:project_no>", detail.project, name="project"),
    path("lot/<str:lot_no>", detail.lot, name="lot"),
    path("n/<str:notice_no>", detail.notice, name="notice"),
    path("n/<str:notice_no>/compare", checks.compare, name="compare"),
    path("n/<str:notice_no>/v/<int:version>", detail.notice, name="notice-version"),
    path("n/<str:notice_no>/v/<int:version>/proof.json", checks.proof, name="proof"),
    path("n/<str:notice_no>/v/<int:version>/check", checks.check, name="check"),
    path("n/<str:notice_no>/v/<int:version>/files/<str:sha256>", files.published_file, name="file"),
    path("org/<str:no>", parties.organisation, name="organisation"),
    path("credit", parties.credit, name="credit"),
    path("credit.json", parties.credit_json, name="credit-json"),
    path("rules", law.rules, name="rules"),
    path("rules/<str:definition_id>", law.definition, name="definition"),
    path("guide", law.guide, name="guide"),
    *desk,
    *register,
    *exchange,
    *messages,
    path("systems", systems.systems, name="systems"),
    path("systems/<str:client_id>/enter", systems.enter, name="enter-system"),
    path("desk/clients", clients.client_desk, name="clients"),
    path("desk/clients/<str:client_id>/disable", clients.disable, name="disable-client"),
]

"""The push server's application: streams only. Pages belong to the page server, where they are three times faster."""

import os

from django.core.asgi import get_asgi_application

from tradehall.config.house.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradehall.config.settings")
die_with_parent()
application = get_asgi_application()

"""The page server's application. The page cache, when there is one, stands before Django and is wrapped here."""

import os

from django.core.wsgi import get_wsgi_application

from tradehall.config.house.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradehall.config.settings")
die_with_parent()
application = get_wsgi_application()

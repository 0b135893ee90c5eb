"""The page server's application: the page cache, and behind it Django."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from tradehall.config.house.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradehall.config.settings")
die_with_parent()
django = get_wsgi_application()
application = import_module("tradehall.config.cached_pages").cached(
    django
)  # reads models, so only after Django is ready

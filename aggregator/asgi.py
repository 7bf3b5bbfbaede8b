"""The same for ASGI servers; WSGI is faster for these pages."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
application = get_asgi_application()

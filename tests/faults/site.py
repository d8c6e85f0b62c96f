"""Settings and pages for the fault tests: the real site with a few doors that write at once and say so."""

from __future__ import annotations

import os
import time

from khet.site.settings import *  # noqa: F403 – everything of the real site but its addresses
from khet.site.settings import MIDDLEWARE

ROOT_URLCONF = "tests.faults.urls"
MIDDLEWARE = [name for name in MIDDLEWARE if name != "django.middleware.csrf.CsrfViewMiddleware"]


def pause(where: str) -> None:
    """Stand still at a named place when the test asked for it, so that it can kill exactly there."""
    if os.environ.get("KHET_FAULT_PAUSE") == where:
        time.sleep(60)


WHITENOISE_USE_FINDERS = True  # static files are not what fails here
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""Settings. What differs between offices comes from the environment (``environment.py``); the rest is fixed."""

from __future__ import annotations

import os

from django.utils.translation import gettext_lazy as _

from khet.base.database.address import connection_settings
from khet.base.lib.secrets import secret_keys
from khet.site.environment import PACKAGE, data_folder, hosts, mail_settings, port, proxies, test_environment

TESTING = "PYTEST_VERSION" in os.environ
if TESTING:
    test_environment()
DATA = data_folder()

SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys(DATA)
DEBUG = os.environ.get("KHET_DEBUG") == "1"
HOSTS = hosts()
PORT = port()
PUBLIC_HOST = HOSTS[0]
IS_LOCAL = PUBLIC_HOST in {"127.0.0.1", "localhost", "0.0.0.0"}  # noqa: S104
ALLOWED_HOSTS = [*HOSTS, "127.0.0.1", "localhost", *(["testserver"] if TESTING else [])]
SITE_URL = f"http://{PUBLIC_HOST}:{PORT}" if IS_LOCAL else f"https://{PUBLIC_HOST}"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    # The order is the order of the arrows: every app stands on those above it.
    "khet.base.database",
    "khet.base.ui",
    "khet.base.journal",
    "khet.base.org",
    "khet.base.privacy",
    "khet.base.notices",
    "khet.base.signin",
    "khet.kits.files",
    "khet.kits.search",
    "khet.kits.register",
    "khet.kits.workflow",
    "khet.kits.rounds",
    "khet.modules.office",
    "khet.modules.schools",
    "khet.modules.students",
    "khet.modules.staff",
    "khet.modules.assets",
    "khet.modules.letters",
    "khet.modules.emergencies",
    "khet.modules.children",
    "khet.modules.partners",
    "khet.modules.desk",
    "khet.outlets.statistics",
    "khet.outlets.maps",
    "khet.outlets.province",
    "khet.outlets.books",
    "khet.outlets.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "ninja",  # for the files of its documentation page alone
    "lucide",
    "leaflet",
    "django_prose_editor",
    "pgtrigger",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "khet.base.signin.middleware.Address",
    "khet.base.ui.middleware.SecurityHeaders",
    "khet.base.ui.middleware.Compressed",
    "khet.base.database.middleware.Availability",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khet.base.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "khet.base.org.middleware.ActorMiddleware",
    "khet.base.ui.middleware.Refusals",
    "khet.base.org.middleware.RefusedWrites",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "khet.base.signin.middleware.Gate",
]

ROOT_URLCONF = "khet.site.urls"
ASGI_APPLICATION = "khet.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khet.base.ui.context.frame",
            ],
            "builtins": ["khet.base.ui.templatetags.khet", "khet.base.ui.linking"],
            "libraries": {"i18n": "khet.base.ui.translating"},
        },
    }
]

DATABASES = {"default": connection_settings(DATA)}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.Account"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("ไทย")), ("en", _("อังกฤษ"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "khet.base.ui.fonts.FontFinder",
]
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "khet.base.ui.storage.Static"
    },
}
# Already small, or (source maps) read by nobody but a developer: compressing them takes half a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "map",
    "png",
    "jpg",
    "gif",
    "webp",
    "ico",
    "woff",
    "woff2",
    "gz",
    "br",
    "zip",
]
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# Sign-in: allauth's stages, factors and session list; our own limits, trail, links and fresh sign-in.
AUTHENTICATION_BACKENDS = ["khet.base.signin.backends.PasswordBackend"]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"khet.base.signin.passwords.{name}"} for name in ("Length", "NotUsual", "NotTheOffice")
]
ACCOUNT_ADAPTER = "khet.base.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "khet.base.signin.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # what allauth's checks want; there is no sign-up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = (
    False  # allauth counts in the cache and loses; base.signin.limits counts
)
MFA_ADAPTER = "khet.base.signin.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "khet.base.signin.forms.SecondFactorForm",
    "authenticate_webauthn": "khet.base.signin.forms.SecondFactorPasskeyForm",
    "login_webauthn": "khet.base.signin.forms.PasskeySignInForm",
    "activate_totp": "khet.base.signin.forms.SetUpAppForm",
    "add_webauthn": "khet.base.signin.forms.AddPasskeyForm",
    "edit_webauthn": "khet.base.signin.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL  # http://localhost while developing
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are opened by the office, not by whoever types an address
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
KHET_LINE_LOGIN = os.environ.get("KHET_LINE_LOGIN", "")
KHET_THAID = os.environ.get("KHET_THAID", "")
KHET_MAP_TILES = os.environ.get("KHET_MAP_TILES", "")  # none: maps stand on the office's own outlines
KHET_MAP_TILES_BY = os.environ.get("KHET_MAP_TILES_BY", "")
KHET_PROXIES = proxies()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # kept only when it comes from KHET_PROXIES
KHET_TRAIL_DAYS = 400  # the law asks for 90; a year and a month lets one year be laid beside the last
KHET_FRESH_SECONDS = 300
KHET_IDLE_MINUTES_OTHERS_DATA = 30
KHET_IDLE_MINUTES = 8 * 60

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; also the longest a session lives, however busy
SESSION_COOKIE_NAME = "khet" if IS_LOCAL else "__Host-khet"
CSRF_COOKIE_NAME = "khet_csrf" if IS_LOCAL else "__Host-khet_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "khet.base.ui.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

KHET_FILES = DATA / "files"
KHET_FILE_LIMIT = 50 * 1024 * 1024
KHET_PIXEL_LIMIT = 100_000_000  # an A3 page at 600 dpi is 70 million points
FILE_UPLOAD_HANDLERS = ["khet.kits.files.uploads.ShelfUploadHandler"]

EMAIL_IS_CONFIGURED = TESTING or bool(os.environ.get("KHET_SMTP_URL"))
if not TESTING:
    globals().update(mail_settings(os.environ.get("KHET_SMTP_URL", ""), PUBLIC_HOST))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

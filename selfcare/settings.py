"""All settings of an installation, read from the environment; a wrong value stops the start with a sentence.

Every variable is described in docs/operations.md. Without any variable the embedded profile runs: SQLite, a broker
from a wheel, and mail written to a folder.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from selfcare import keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where this installation keeps what it makes itself: database, keys, mail of the embedded profile.
DATA_DIR = Path(env.str("SELFCARE_DATA_DIR", default=str(BASE_DIR / "var"))).absolute()


def _number(name: str, *, default: int, least: int = 1, most: int = 65535) -> int:
    """Return a whole number from the environment, or refuse the start with a sentence."""
    text = env.str(name, default=str(default))
    if not (text.isdecimal() and least <= int(text) <= most):
        raise ImproperlyConfigured(f"{name} is {text!r}; set it to a number from {least} to {most}.")
    return int(text)


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or keys.read_or_create(DATA_DIR / "secret_key", keys.new_secret_key)

# The address people use. It decides links in mail, cookies and the CSRF origin.
# It follows PORT where nothing is said, so that one variable moves a demonstration.
PORT = _number("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}; set it to the full address, such as https://selfcare.example."
    )
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=sorted({_site.hostname, "localhost", "127.0.0.1", "[::1]"}))
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# What stands on the home screen, in page titles and on notifications. It must say nothing about health.
APP_NAME = env.str("APP_NAME", default="selfcare")
# Whose emergency numbers a phone sees before its person has chosen a country.
DEFAULT_COUNTRY = env.str("DEFAULT_COUNTRY", default="GB")

INSTALLED_APPS = [
    "selfcare",
    "selfcare.web",
    "selfcare.clinic",
    "selfcare.records",
    "selfcare.diary",
    "selfcare.triage",
    "selfcare.correspondence",
    "selfcare.accounts",
    "exercises",
    "notifications",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise: files that were not compressed beforehand are on the way. Its padding stands against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "selfcare.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "selfcare.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "selfcare.urls"
WSGI_APPLICATION = "selfcare.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "selfcare.web.context.site",
            ],
        },
    }
]

# --- Database --------------------------------------------------------------------------------------------------------

# Not written as an address: a folder may have any name.
DATABASES = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "selfcare.sqlite3")}
}
_database = DATABASES["default"]
if _database.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured(
        "DATABASE_URL does not name a database; set it to postgres://user:password@host:5432/name, or leave it out."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if _database["ENGINE"].endswith("sqlite3"):
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    # IMMEDIATE + WAL removed every "database is locked"; FULL makes an acknowledged entry survive a power cut.
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    # A persistent connection per worker beats the pool, and prepared statements gave +35-45 % (performance notes).
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        "server_side_binding": True,
        "prepare_threshold": 1,
        "options": "-c statement_timeout=30000 -c lock_timeout=10000",
    }

# --- Redis: broker and cache. The launcher sets REDIS_URL for the embedded broker. -----------------------------------

REDIS_URL = env.str("REDIS_URL", default="")


def _redis_database(url: str, number: int, *, broker: bool) -> str:
    """Return the address of one database of the Redis server, as Celery or as the cache wants to read it."""
    if url.startswith("unix://"):
        path = url.removeprefix("unix://").partition("?")[0]
        return f"redis+socket://{path}?virtual_host={number}" if broker else f"unix://{path}?db={number}"
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"REDIS_URL is {url!r}; set it to redis://host:port or unix:///path/to/socket.")
    return f"{url.rstrip('/')}/{number}" if not urlsplit(url).path.strip("/") else url


if REDIS_URL:
    CELERY_BROKER_URL = _redis_database(REDIS_URL, 0, broker=True)
    CACHES = {
        "default": {
            "BACKEND": "selfcare.cache.SharedOrLocal",
            "LOCATION": _redis_database(REDIS_URL, 1, broker=False),
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    CELERY_BROKER_URL = "memory://"
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Celery. Why each value: docs/decisions/0003-celery.md -----------------------------------------------------------

CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ETA_TASK_LIMIT = 100
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 15
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "socket_keepalive": not REDIS_URL.startswith("unix://"),
    "health_check_interval": 5,
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Kept in memory: every period is short, and a schedule file remembers a wrong clock.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# --- People: log-in by e-mail code or passkey; a second factor for clinicians ----------------------------------------

AUTH_USER_MODEL = "accounts.User"
# False: an account is made only through an invitation of a clinic.
SELF_REGISTRATION = env.bool("SELF_REGISTRATION", default=True)
# A clinician's session ends after so long without a touch, and at the latest after so many hours.
CLINICIAN_IDLE_MINUTES = _number("CLINICIAN_IDLE_MINUTES", default=15, most=720)
CLINICIAN_SESSION_HOURS = _number("CLINICIAN_SESSION_HOURS", default=12, most=24)
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "selfcare.accounts.backends.CareTeamBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "selfcare.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = _number("TRUSTED_PROXY_COUNT", default=0, least=0, most=9)
MFA_ADAPTER = "selfcare.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "selfcare"
# WebAuthn wants https; browsers make an exception for localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
HEADLESS_ENABLED = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_SERVE_SPECIFICATION = False

SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
# Scripts read the CSRF token from its cookie at the moment of sending: pages come from the offline cache, so a token
# written into a page would be stale.
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "selfcare.web.views.csrf_failure"

# --- API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, because a request with a device token is that and nothing else, whatever cookie comes with it.
        "selfcare.accounts.authentication.DeviceToken",
        "rest_framework.authentication.SessionAuthentication",
        "selfcare.accounts.authentication.SessionToken",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "edge.errors.as_json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
# What the exercise programme asks of the rooms above it, which it may not import (exercises/facts.py).
EXERCISES_ABOUT = "selfcare.diary.exercising.about"
EXERCISES_AUDIT = "selfcare.accounts.audit.record"
EXERCISES_WRONG_WAY = "selfcare.diary.exercising.pain_moved_down"
SPECTACULAR_SETTINGS = {
    "TITLE": "selfcare API",
    "DESCRIPTION": "Diary entries, triage catalogue, alerts, reminders. Dates are the patient's own; instants are UTC.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
# The largest honest request is a batch of 100 entries; 10 MB bodies are refused before they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- What a page may load --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["selfcare"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
# A monitor on the same machine asks over plain http.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"
# The embedded profile serves files from where they are; an image that has run collectstatic sets COLLECTED_STATIC.
WHITENOISE_USE_FINDERS = not env.bool("COLLECTED_STATIC", default=False)
STATIC_ROOT = (DATA_DIR if WHITENOISE_USE_FINDERS else BASE_DIR) / "staticfiles"
if WHITENOISE_USE_FINDERS:
    STATIC_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)  # empty; whitenoise warns where there is none
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "selfcare.web.storage.HashedModules"
    },
}

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# What there are translations for; only those without a gap in the safety texts are offered (docs/decisions/0012).
LANGUAGES = [("en-gb", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = ["selfcare.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
# What somebody may need in an emergency: what is asked, the cards, and what helps without a network. A language that
# lacks a text of these files, or a safety text of a catalogue, is not offered.
SAFETY_PAGES = [
    *("selfcare/web/templates/base.html", "selfcare/web/templates/web/_*.html"),
    *(f"selfcare/web/templates/web/{name}.html" for name in ("page", "offline", "follow_up", "setup/safety")),
    *(f"selfcare/web/templates/web/{folder}/*.html" for folder in ("checkin", "help")),
    *(f"selfcare/web/{name}.py" for name in ("flow", "follow_up", "reasons", "said", "steps", "words")),
]
# In which language a message is written to a person; notifications may not import the room that knows.
NOTIFICATIONS_LANGUAGE = "selfcare.triage.languages.of_person"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Telling people --------------------------------------------------------------------------------------------------

MAIL_DIR = DATA_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    if urlsplit(EMAIL_URL).scheme not in {"smtp", "smtps", "smtp+tls", "smtp+ssl"}:
        raise ImproperlyConfigured(
            "EMAIL_URL does not name a mail server; set it to smtp+tls://user:password@host:587."
        )
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)
# The profile that `make run` gives without any variable, for looking at on this machine. Only here a page shows mail.
EMBEDDED = not EMAIL_URL and not ALLAUTH_TRUSTED_PROXY_COUNT and _site.hostname in {"localhost", "127.0.0.1", "::1"}
# Invented people for the first look: only there, and only while the database is empty.
DEMO = EMBEDDED and env.bool("DEMO", default=True)
# Content that no clinician has signed reaches people only where this is on, and every page says so.
DEMONSTRATION = env.bool("DEMONSTRATION", default=EMBEDDED)
# "sheets": what lies in the catalogue's folder, for those who write it. Otherwise the newest published version.
CATALOGUE = env.str("CATALOGUE", default="published")
if CATALOGUE not in {"published", "sheets"}:
    raise ImproperlyConfigured(f"CATALOGUE is {CATALOGUE!r}; set it to published or sheets.")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"selfcare@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
VAPID_PRIVATE_KEY_FILE = Path(env.str("VAPID_PRIVATE_KEY_FILE", default=str(DATA_DIR / "vapid_private.pem")))
keys.read_or_create(VAPID_PRIVATE_KEY_FILE, keys.new_vapid_key)
VAPID_SUBJECT = env.str("VAPID_SUBJECT", default=f"mailto:{OPERATOR_EMAIL or DEFAULT_FROM_EMAIL}")
# A push address comes from a browser, so it is treated as hostile: https, a public address, one of these hosts.
PUSH_HOSTS = env.list(
    "PUSH_HOSTS",
    default=[
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        ".push.services.mozilla.com",
        ".notify.windows.com",
        ".push.apple.com",
    ],
)
# Tests talk to a push service of their own on this machine.
PUSH_ALLOW_LOOPBACK = env.bool("PUSH_ALLOW_LOOPBACK", default=False)

# For how many years a clinic's record stays, without a name, after its person has deleted the account. Eight: the NHS
# Records Management Code of Practice for adult records. Other countries and clinics have other periods.
RECORD_KEPT_YEARS = _number("RECORD_KEPT_YEARS", default=8, most=100)

# --- Operation -------------------------------------------------------------------------------------------------------

# What `manage.py serve` starts. BIND=0.0.0.0 lets other machines in; SITE_URL must then name this one.
BIND = env.str("BIND", default="127.0.0.1")
WEB_WORKERS = _number("WEB_WORKERS", default=1 if _database["ENGINE"].endswith("sqlite3") else 2)
WEB_THREADS = _number("WEB_THREADS", default=8, most=256)
WORKER_PROCESSES = _number("WORKER_PROCESSES", default=2, most=256)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # At DEBUG it writes down whole push addresses, and whoever knows one can send to it.
    "loggers": {"urllib3": {"level": "INFO"}},
}

"""Every setting of the project, read from the environment; docs/operations.md has a row for each."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.env import (
    env_admin_path,
    env_bool,
    env_choice,
    env_database,
    env_dir,
    env_email,
    env_float,
    env_int,
    env_list,
    env_networks,
    env_ports,
    env_redis,
    env_str,
    env_time_zone,
    env_url,
    secret_key,
)
from aggregator.logs import send_errors_to

BASE_DIR = Path(__file__).resolve().parent.parent

# --- the place and the keys
DATA_DIR = env_dir("DATA_DIR", BASE_DIR / "var")  # database, queue, keys, logs, caches
DEBUG = env_bool("DEBUG")
SECRET_KEY = secret_key("SECRET_KEY", DATA_DIR / "secret_key")
SITE_NAME = env_str("SITE_NAME", "Orta")
SITE_URL = env_url("SITE_URL", "http://127.0.0.1:8000")  # every address that we print begins with it
SITE_IS_LOCAL = urlsplit(SITE_URL).hostname in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
TRUSTED_PROXIES = env_networks("TRUSTED_PROXIES")  # X-Forwarded-* is believed from these alone
ADMIN_PATH = env_admin_path("ADMIN_PATH")
METRICS_ALLOW = env_networks("METRICS_ALLOW", "127.0.0.0/8 ::1/128")
SAMPLE_EDITION = env_bool("SAMPLE_EDITION")  # set by bin/run alone: the database holds the invented edition

# --- the database, the broker, caches
DATABASES = {"default": env_database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
REDIS_URL = "" if SAMPLE_EDITION else env_redis("REDIS_URL")  # the invented edition keeps to itself
REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"
LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": REDIS_CACHE, "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": LOCAL_CACHE, "OPTIONS": {"MAX_ENTRIES": 2000}},
    "pages": {"BACKEND": REDIS_CACHE, "LOCATION": REDIS_URL, "KEY_PREFIX": "pages"}
    if REDIS_URL
    else {
        "BACKEND": LOCAL_CACHE,
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 150},
    },  # of some 50 kB, in each process
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- fetching
FETCH_ALLOW_NETWORKS = env_ports("FETCH_ALLOW_NETWORKS")  # network/bits[:port]
FETCH_HOST_INTERVAL = env_float("FETCH_HOST_INTERVAL", 5.0, low=0, high=3600)  # seconds between starts at a host
FETCH_HOST_CONCURRENCY = env_int("FETCH_HOST_CONCURRENCY", 2, low=1, high=100)  # requests in flight at a host
FETCH_PAUSED = env_bool("FETCH_PAUSED")  # no feed is polled; bin/run --no-fetch
FETCH_CONTACT = env_str("FETCH_CONTACT", SITE_URL)  # stands in the User-Agent
SOURCES_EXCLUDE = env_list("SOURCES_EXCLUDE")  # slugs or owners that this operator may not carry
EXTRACT_CHARS = env_int("EXTRACT_CHARS", 300, low=0, high=5000)  # characters of a summary ever shown
EMBEDDING_MODEL = env_str("EMBEDDING_MODEL")  # path or hub name of a sentence model for grouping; empty: none

# --- mail and logs
vars().update(env_email("EMAIL_URL"))
LOG_FORMAT = env_choice("LOG_FORMAT", "text", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "aggregator.logs.TextFormatter"},
        "json": {"()": "aggregator.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "axes": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

SENTRY_DSN = env_str("SENTRY_DSN")  # where errors are sent as well; needs the package sentry-sdk
if SENTRY_DSN:
    send_errors_to(SENTRY_DSN)

# --- Django
INSTALLED_APPS = [
    "aggregator.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "readers",
    "articles",
]
MIDDLEWARE = [
    "aggregator.page_times.PageTimes",
    "aggregator.middleware.TrustedProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its files are compressed once, when they are collected
    "django.middleware.gzip.GZipMiddleware",
    "aggregator.middleware.ContentSecurityPolicy",
    "aggregator.middleware.LanguageFromPath",
    "articles.publish.page_cache.PageCache",  # before sessions: pages are the same for everybody
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "aggregator.urls"
WSGI_APPLICATION = "aggregator.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.publish.context.site",
            ],
        },
    }
]
AUTH_USER_MODEL = "readers.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- signing in: a second factor for staff, and few tries
TWO_FACTOR_REQUIRED = not SITE_IS_LOCAL
OTP_TOTP_ISSUER = SITE_NAME
AXES_FAILURE_LIMIT = 10  # wrong passwords from one address
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["ip_address"]  # by name anybody could keep an editor out
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "admin/too_many_tries.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
TIME_ZONE = env_time_zone("TIME_ZONE", "Asia/Almaty")  # of "today" and the archive
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- security; a site on loopback is served over http
SECURE = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"  # links out tell our origin, never the page
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # OPML files up to 5 MB

# --- Celery
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
QUEUE_DIR = DATA_DIR / ("queue-sample" if SAMPLE_EDITION else "queue")
if not REDIS_URL:
    (QUEUE_DIR / "control").mkdir(parents=True, exist_ok=True)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 1800}
    if REDIS_URL
    else {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,  # kombu's default of 1 s makes a start look broken
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = "curate"
CELERY_TASK_ROUTES = {
    "articles.tasks.fetch_feeds": {"queue": "fetch"},
    "articles.tasks.poll_due_feeds": {"queue": "fetch"},
    "articles.tasks.group_articles": {"queue": "group"},
    "articles.tasks.verify_subscribers": {"queue": "deliver"},
    "articles.tasks.announce_news": {"queue": "deliver"},
    "articles.tasks.deliver_news": {"queue": "deliver"},
}
CELERY_TIMEZONE = "UTC"

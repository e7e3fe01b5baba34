"""The shop in Django's own admin with its JSON API, as far as permissions can see it."""
from settings import *  # noqa: F403
from settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "matrix_urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS, "django.contrib.messages", "django_admin_rest_api", "shop"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", *MIDDLEWARE, "django.contrib.messages.middleware.MessageMiddleware"]
DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"
STATIC_URL = "/static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

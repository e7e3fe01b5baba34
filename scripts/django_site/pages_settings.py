"""The same site with Django's HTML admin beside it."""
from settings import *  # noqa: F403
from settings import INSTALLED_APPS, MIDDLEWARE

ROOT_URLCONF = "pages_urls"
INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS, "django.contrib.messages", "pages.apps.Pages"]
MIDDLEWARE = [*MIDDLEWARE, "django.contrib.messages.middleware.MessageMiddleware"]
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

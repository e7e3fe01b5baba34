"""The application that Django's own tables know as the shop."""
from django.apps import AppConfig


class Pages(AppConfig):
    name = "pages"
    label = "shop"
    default_auto_field = "django.db.models.BigAutoField"

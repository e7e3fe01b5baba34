"""The HTML admin, which the JSON API links into, and the JSON API."""
from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("admin-api/", include("django_admin_rest_api.urls"))]

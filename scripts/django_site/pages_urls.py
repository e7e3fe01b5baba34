"""Who is signed in, and the HTML admin."""
from django.contrib import admin
from django.urls import path
from urls import urlpatterns as people

urlpatterns = [*people, path("admin/", admin.site.urls)]

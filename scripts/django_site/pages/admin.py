"""Products with their images in one form."""
from django.contrib import admin

from .models import Product, ProductImage


class Images(admin.TabularInline):
    model = ProductImage
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    fields = ["name", "sku", "stock"]
    inlines = [Images]

"""The admins of the shop. Columns, filters and fieldsets are left out: who may do what does not depend on them."""
from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpResponseRedirect

from .models import (
    ActivityLog, Category, Customer, Order, OrderLine, Product, ProductDetail, ProductImage, Setting, Supplier, Tag,
)


def never(self, request, obj=None):
    return False


class Children(admin.TabularInline):
    model = Category
    fk_name = "parent"
    fields = ["name", "slug", "position"]
    extra = 0


class Images(admin.TabularInline):
    model = ProductImage
    fields = ["url", "caption", "position"]


class Lines(admin.TabularInline):
    model = OrderLine
    min_num = 1
    extra = 0


class Orders(admin.StackedInline):
    """Shown and never edited."""

    model = Order
    fields = readonly_fields = ["number", "status", "placed_at", "total"]
    max_num = extra = 0
    has_add_permission = has_change_permission = has_delete_permission = never


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "parent", "position"]
    list_editable = ["position"]
    search_fields = ["name", "^slug"]
    inlines = [Children]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin):
    list_display = ["name", "rating", "active"]
    list_editable = ["rating", "active"]
    search_fields = ["name", "=email"]
    actions = ["activate", "deactivate"]

    def activate(self, request, queryset):
        queryset.update(active=True)

    @admin.action(permissions=["change"])
    def deactivate(self, request, queryset):
        queryset.update(active=False)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "price", "status", "is_featured"]
    list_editable = ["price", "status", "is_featured"]
    search_fields = ["name", "^sku"]
    readonly_fields = ["created_at", "updated_at"]
    inlines = [Images]
    actions = ["publish", "archive", "reprice", "send_to_print", "restock", "clone"]
    panels = {"stock": "stock_panel", "missing": "no_such_method"}

    def stock_panel(self, request, obj):
        return {"stock": obj.stock}

    def has_publish_permission(self, request):
        return request.user.is_superuser

    @admin.action(permissions=["publish"])
    def publish(self, request, queryset):
        queryset.update(status="published")

    @admin.action(permissions=["change"])
    def archive(self, request, queryset):
        queryset.update(status="archived")

    def reprice(self, request, queryset):
        self.message_user(request, "no")

    def send_to_print(self, request, queryset):
        return HttpResponseRedirect("/print/")

    def restock(self, request, obj_id):
        Product.objects.filter(pk=obj_id).update(stock=100)

    def clone(self, request, item: str):
        return HttpResponseRedirect("/cloned/")


@admin.register(ProductDetail)
class ProductDetailAdmin(admin.ModelAdmin):
    search_fields = ["barcode"]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    search_fields = ["email", "first_name", "last_name"]
    exclude = ["api_token"]
    readonly_fields = ["created_at"]
    inlines = [Orders]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(is_active=True)


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput}}
    search_fields = ["number"]
    inlines = [Lines]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.status == "shipped")


@admin.register(ActivityLog)
class ActivityLogAdmin(admin.ModelAdmin):
    show_full_result_count = False
    has_add_permission = has_change_permission = has_delete_permission = never


admin.site.register([OrderLine, ProductImage, Setting])

"""The tables that examples/shop/seed makes: what the fields are, how rows are named, what a delete drags along."""
import uuid

from django.db.models import (
    CASCADE, PROTECT, SET_NULL, BooleanField, CharField, DateField, DateTimeField, DecimalField, DurationField,
    EmailField, FileField, FloatField, ForeignKey, GenericIPAddressField, IntegerField, JSONField, ManyToManyField,
    Model, OneToOneField, PositiveIntegerField, PositiveSmallIntegerField, SlugField, TextField, TimeField, URLField,
    UUIDField,
)


def text(length):
    return CharField(max_length=length)


def empty_text(length):
    return CharField(max_length=length, blank=True, default="")


def money(**more):
    return DecimalField(max_digits=10, decimal_places=2, **more)


class Category(Model):
    name = text(80)
    slug = SlugField(max_length=80, unique=True)
    parent = ForeignKey("self", SET_NULL, null=True, blank=True, related_name="children")
    position = IntegerField(default=0)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "name"]


class Tag(Model):
    name = CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]


class Supplier(Model):
    id = UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = text(120)
    email = EmailField()
    website = URLField(blank=True, default="")
    rating = FloatField(null=True, blank=True)
    active = BooleanField(default=True)
    joined = DateField()
    address = JSONField(default=dict, blank=True)
    notes = TextField(blank=True, default="")


class Product(Model):
    name = text(120)
    sku = CharField("SKU", max_length=20, unique=True)
    category = ForeignKey(Category, PROTECT, related_name="products")
    suppliers = ManyToManyField(Supplier, blank=True, related_name="products")
    tags = ManyToManyField(Tag, blank=True, related_name="products")
    price = money()
    cost = money(null=True, blank=True)
    stock = PositiveIntegerField(default=0)
    weight = FloatField(null=True, blank=True)
    status = CharField(max_length=10, choices=[(word, word.title()) for word in ("draft", "published", "archived")], default="draft")
    is_featured = BooleanField(default=False)
    released_on = DateField(null=True, blank=True)
    available_from = TimeField(null=True, blank=True)
    warranty = DurationField(null=True, blank=True)
    attributes = JSONField(default=dict, blank=True)
    description = TextField(blank=True, default="")
    manual = FileField(upload_to="manuals/", blank=True)
    created_at = DateTimeField(auto_now_add=True)
    updated_at = DateTimeField(auto_now=True)

    class Meta:
        unique_together = [("name", "category")]


class ProductDetail(Model):
    product = OneToOneField(Product, CASCADE, related_name="detail")
    barcode = empty_text(13)
    origin = empty_text(2)


class ProductImage(Model):
    product = ForeignKey(Product, CASCADE, related_name="images")
    url = URLField()
    caption = empty_text(120)
    position = PositiveSmallIntegerField(default=0)


class Customer(Model):
    email = EmailField(unique=True)
    first_name = text(60)
    last_name = text(60)
    birth_date = DateField(null=True, blank=True)
    tier = IntegerField(choices=[(1, "Basic"), (2, "Plus"), (3, "Pro")], default=1)
    is_active = BooleanField(default=True)
    api_token = empty_text(40)
    deleted_at = DateTimeField(null=True, blank=True, editable=False)
    created_at = DateTimeField(auto_now_add=True)


class Order(Model):
    number = CharField(primary_key=True, max_length=12)
    customer = ForeignKey(Customer, CASCADE, related_name="orders")
    status = CharField(max_length=10, choices=[(word, word.title()) for word in ("new", "paid", "shipped", "cancelled")], default="new")
    placed_at = DateTimeField()
    total = DecimalField(max_digits=12, decimal_places=2, default=0)
    ip = GenericIPAddressField(null=True, blank=True)
    note = TextField(blank=True, default="")


class OrderLine(Model):
    order = ForeignKey(Order, CASCADE, related_name="lines")
    product = ForeignKey(Product, PROTECT, related_name="order_lines")
    quantity = PositiveSmallIntegerField(default=1)
    unit_price = money()

    class Meta:
        unique_together = [("order", "product")]


class Setting(Model):
    key = CharField(primary_key=True, max_length=40)
    value = JSONField(null=True, blank=True)


class ActivityLog(Model):
    message = text(200)
    level = CharField(max_length=10, choices=[(word, word) for word in ("info", "warn", "error")], default="info")
    created_at = DateTimeField(auto_now_add=True)

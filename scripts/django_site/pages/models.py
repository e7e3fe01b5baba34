"""Products and their images, as far as a form of the HTML admin needs them."""
from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=120)
    sku = models.CharField("SKU", max_length=20, unique=True)
    stock = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.name} ({self.sku})"


class ProductImage(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    url = models.URLField()
    caption = models.CharField(max_length=120, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return self.caption or f"image #{self.pk}"

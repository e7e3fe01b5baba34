"""Writes what Django's own forms make of many inputs: the table that our forms are compared with.

    python scripts/django-forms.py > conversations/django-forms.json

Needs Django 5.2. Each field is that of a model with nothing else, its form is the admin's. An input is a JSON value;
`{"missing": true}` stands for one that was not sent.
"""
import datetime
import decimal
import json
import uuid
import warnings

import django
from django.conf import settings

warnings.simplefilter("ignore")
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
    TIME_ZONE="Europe/Oslo",
    LANGUAGE_CODE="en-us",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django import forms  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core import validators  # noqa: E402
from django.db import models  # noqa: E402

CHOICES = [["draft", "Draft"], ["on sale", "On sale"]]
NUMBERS = [[1, "One"], [2, "Two"]]


def field(kind, **options):
    """A field as data, and as Django's."""
    made = dict(options)
    checks = []
    for name, check in (("least", validators.MinValueValidator), ("most", validators.MaxValueValidator),
                        ("shortest", validators.MinLengthValidator)):
        if name in made:
            checks.append(check(made.pop(name)))
    if "pattern" in made:
        checks.append(validators.RegexValidator(made.pop("pattern")))
    return {"kind": kind, **options}, getattr(models, kind)(validators=checks, **made)


FIELDS = [
    field("CharField", max_length=10),
    field("CharField", max_length=10, blank=True),
    field("CharField", max_length=10, blank=True, null=True),
    field("CharField", max_length=1),
    field("CharField", max_length=10, shortest=3, pattern="^[a-z]+$"),
    field("TextField"),
    field("TextField", blank=True),
    field("TextField", blank=True, null=True),
    field("SlugField", max_length=10),
    field("EmailField", max_length=30),
    field("EmailField", max_length=30, blank=True),
    field("URLField", max_length=40),
    field("URLField", max_length=40, blank=True),
    field("IntegerField"),
    field("IntegerField", blank=True, null=True),
    field("IntegerField", least=1, most=10),
    field("SmallIntegerField"),
    field("BigIntegerField"),
    field("PositiveIntegerField"),
    field("PositiveIntegerField", least=1),
    field("PositiveBigIntegerField"),
    field("DecimalField", max_digits=5, decimal_places=2),
    field("DecimalField", max_digits=5, decimal_places=2, blank=True, null=True),
    field("DecimalField", max_digits=1, decimal_places=1, least=0),
    field("FloatField"),
    field("FloatField", blank=True, null=True),
    field("FloatField", least=0),
    field("BooleanField"),
    field("BooleanField", null=True, blank=True),
    field("DateField"),
    field("DateField", blank=True, null=True),
    field("TimeField"),
    field("TimeField", blank=True, null=True),
    field("DateTimeField"),
    field("DateTimeField", blank=True, null=True),
    field("DurationField"),
    field("DurationField", blank=True, null=True),
    field("UUIDField"),
    field("UUIDField", blank=True, null=True),
    field("GenericIPAddressField"),
    field("GenericIPAddressField", protocol="IPv4"),
    field("GenericIPAddressField", protocol="IPv6"),
    field("GenericIPAddressField", blank=True, null=True),
    field("JSONField"),
    field("JSONField", blank=True, null=True),
    field("CharField", max_length=10, choices=CHOICES),
    field("CharField", max_length=10, choices=CHOICES, blank=True),
    field("IntegerField", choices=NUMBERS),
    field("IntegerField", choices=NUMBERS, blank=True, null=True),
]

BLANK = [None, "", " ", "   \t\n", [], {}]
TRUTH = [True, False, "true", "True", "TRUE", "false", "False", "on", "off", "0", "1", "2", "3", "yes", "no", "unknown"]
NUMBER = [
    0, 1, -1, 2, 3, 10, 11, 42, 100, 999, 1000, 99999, 32767, 32768, 2147483647, 2147483648, 9223372036854775807,
    -9223372036854775808, 9223372036854775808, -9223372036854775809, 18446744073709551615, 0.0, 1.0, 1.5, -1.5, 0.1,
    1e3, 1e15, 1.25, 123.45, 1234.5, 0.001, 99.999, "0", "7", "+5", "-5", " 5 ", "\t5\n", "5.", "5.0", "5.00 ", "5.5",
    "5,5", "1e3", "1E2", "1e-2", "0e10", "0.000", "00.50", "007", ".5", "-.5", "1_000", "1__0", "_1", "1_", "x", "1x",
    "0x10", "١٢", "１２", "NaN", "nan", "Infinity", "-inf", "sNaN", "99999999999999999999", "-99999999999999999999",
    "9223372036854775807", "9223372036854775808", "123.45", "1234.56", "12345", "123456", "12345.6", "99999.9", "0.999",
    "1e400", "1e-400", "9" * 400, "1.0.0", "--5", "5-", "½", "1 000",
]
TEXT = [
    "a", "ab", "abc", "abcdefghij", "abcdefghijk", "  abc  ", "ABC", "a b", "é", "日本語", "a\x00b", "a\nb", "\u00a0a\u00a0",
    "\u200ba", "draft", "on sale", "Draft", " draft", "on-sale", "a_b-c", "a.b", "ab1", "x" * 41,
]
EMAIL = [
    "a@b.co", "a@b", "a@localhost", "a@@b.co", "@b.co", "a@", "a b@c.de", '"a b"@c.de', "a.b@c.de", ".a@c.de", "a.@c.de",
    "a..b@c.de", "A@B.CO", "a+b@c.de", "a@b.c", "a@b.c1", "a@b.xn--p1ai", "a@ä.de", "ä@a.de", "a@[127.0.0.1]",
    "a@[::1]", "a@[1]", "a@b-.de", "a@-b.de", "a@b.de.", "a@b_c.de", "a@b.de\n", " a@b.de ", "a@" + "b" * 64 + ".de",
    "a" * 26 + "@b.de",
]
URL = [
    "http://a.de", "https://a.de/", "HTTP://A.DE", "ftp://a.de", "ftps://a.de", "a.de", "a.de/b?c#d", "//a.de", "a",
    "localhost", "http://localhost:8000", "http://a.de:80/x", "a.de:80/x", "http://a.de:99999", "http://a.de:999999",
    "http://1.2.3.4", "http://1.2.3.256", "http://[::1]", "http://[::1", "http://[x]", "gopher://a.de", "javascript:x",
    "javascript://a.de", "http://", "http:///a", "http://a b.de", "http://a.de/a b", "http://ä.de", "http://u:p@a.de",
    "http://u@a.de", "http://-a.de", "http://a-.de", "http://a.de.", "http://a.de?x", "http://a.de?", "http://a.de#",
    "mailto:a@b.de", "http://a.de/" + "x" * 40, "/a/b", "?a", "#a", "http:a.de", "https:/a.de", "http://a.de\n", "a.b.c",
]
DATE = [
    "2024-02-29", "2023-02-29", "2024-2-9", "2024-13-01", "2024-01-32", "24-01-01", "02/29/2024", "2/9/2024", "02/29/24",
    "2/9/69", "2/9/68", "29/02/2024", "Feb 29 2024", "Feb 29, 2024", "29 Feb 2024", "29 Feb, 2024", "February 29 2024",
    "february 29, 2024", "29 FEBRUARY 2024", "May 5 2024", "Sept 5 2024", "2024-02-29T10:00", "2024-02-29 10:00:00",
    "20240229", "2024-W09-4", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", " 2024-02-29 ", "٢٠٢٤-٠٢-٢٩",
    "Feb  9 2024", "2024/02/29", "29.02.2024", "2024-02-29Z", "today",
]
TIME = [
    "08:30", "8:30", "8:5", "08:30:15", "08:30:15.5", "08:30:15.123456", "08:30:15.1234567", "24:00", "23:60", "23:59:60",
    "23:59:61", "08:30Z", "08:30+01:00", "0830", "8", "8am", "08:30:15,5", " 08:30 ", "-08:30",
]
MOMENT = [
    "2024-03-04T05:06:07Z", "2024-03-04T05:06:07+02:00", "2024-03-04T05:06:07+0200", "2024-03-04T05:06:07+02",
    "2024-03-04 05:06:07", "2024-03-04 05:06", "2024-03-04T05:06", "2024-03-04T05", "2024-03-04T05:06:07.1",
    "2024-03-04T05:06:07.123456", "2024-03-04T05:06:07.1234567Z", "2024-03-04T05:06:07,5", "03/04/2024 05:06",
    "03/04/2024 05:06:07", "03/04/24 05:06:07.5", "03/04/2024", "Mar 4 2024 05:06", "2024-03-04T25:00", "2024-03-04T23:60",
    "2024-02-30T00:00", "2024-03-31 02:30", "2024-03-31T02:30:00.5", "2024-10-27 02:30", "2024-10-27 02:30+01:00",
    "2024-07-01 12:00", "0001-01-02T00:00Z", "9999-12-30T21:59:59Z", "2024-3-4 5:6", "2024-3-4T5:6:7Z", "20240304T050607",
    "2024-W10-1", "2024-03-04T05:06:07+25:00", "2024-03-04T05:06:07 +02:00", "2024-03-04t05:06:07", "now",
]
SPAN = [
    90, 90.5, "90", "1:30", "1:01:30", "2 03:04:05", "2 days 03:04:05", "2 days, 03:04:05", "1 day", "3 days 04:05:06",
    "P3DT4H", "P3D", "PT1.5S", "-PT1H", "P1Y", "P", "PT", "-1:30", "-1 day 00:00:01", "1:2:3:4", "0.000001", "90.1234567",
    "1 03:04", "9999999999", "99999999999999999999", "-90", "+90", "90s", "3 04:05:06.789", " 90 ",
]
IDS = [
    "12345678-1234-5678-1234-567812345678", "12345678123456781234567812345678", "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678", "12345678-1234-5678-1234-56781234567", "ABCDEFAB-1234-5678-1234-567812345678",
    " 12345678-1234-5678-1234-567812345678 ", "g2345678-1234-5678-1234-567812345678", "1-2345678123456781234567812345678",
]
ADDRESS = [
    "1.2.3.4", "1.2.3.256", "01.2.3.4", "1.2.3", "::1", "2001:db8::0001", "2001:DB8:0:0:0:0:0:1", "::ffff:1.2.3.4",
    "::1.2.3.4", "1::2::3", ":", "fe80::1%eth0", " 1.2.3.4 ", "12345::", "::ffff:0102:0304", "1.2.3.4:80", "x", "x:y",
]
JSONS = [
    {"a": 1}, [1, "x", None], [[]], '{"a": 1}', "[]", "{}", '"x"', '""', "null", "true", "1", "1.5", "x", "{", "NaN",
    '{"a": NaN}', "'a'", " 1 ", '{"a":1,"a":2}',
]
COMMON = BLANK + [True, False, 0, 1, -1, 1.5, "1", " 5 ", "x", "a\x00b", [1], ["x"], {"a": 1}, "x" * 41]
OWN = {
    "Char": TEXT + [42, 1.0, 1e20], "Text": TEXT, "Slug": TEXT, "Email": EMAIL, "URL": URL, "Boolean": TRUTH + NUMBER[:6],
    "Date": DATE, "Time": TIME, "DateTime": MOMENT + DATE[:12], "Duration": SPAN, "UUID": IDS, "JSON": JSONS,
    "GenericIPAddress": ADDRESS,
}


def inputs(spec):
    """What is tried on a field."""
    own = OWN.get(spec["kind"].removesuffix("Field"), NUMBER)
    return COMMON + [text for text in (TEXT + TRUTH + NUMBER[:8] if "choices" in spec else own) if text not in COMMON]


def shown(value):
    """A value as one JSON value that says its kind, too."""
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime.datetime):
        return {"instant": value.astimezone(datetime.timezone.utc).isoformat(), "entered": value.isoformat()}
    if isinstance(value, (datetime.date, datetime.time)):
        return {"iso": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"micros": value // datetime.timedelta(microseconds=1)}
    if isinstance(value, uuid.UUID):
        return {"uuid": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    return {"value": value}


def result(form_class, data):
    """What a form makes of its only field, without asking the database."""
    form = form_class(data)
    form.validate_unique = form.validate_constraints = lambda: None
    try:
        errors = form.errors
    except Exception as error:  # what the original answers with a 500
        return {"broken": type(error).__name__}
    if errors:
        return {"errors": list(errors["f"])}
    value = getattr(form.instance, "f")
    try:
        json.dumps(shown(value), allow_nan=False)
    except (TypeError, ValueError, OverflowError):
        return {"broken": "value"}
    return {"ok": shown(value)}


def main():
    one_input = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput}}
    table = []
    for number, (spec, made) in enumerate(FIELDS):
        meta = type("Meta", (), {"app_label": "golden"})
        model = type(f"Golden{number}", (models.Model,), {"__module__": __name__, "Meta": meta, "f": made})
        owner = type("Owner", (admin.ModelAdmin,), {"formfield_overrides": one_input})(model, admin.site)
        form_class = forms.modelform_factory(
            model, fields=["f"], formfield_callback=lambda field: owner.formfield_for_dbfield(field, request=None))
        cases = [[{"missing": True}, result(form_class, {})]]
        cases += [[{"sent": sent}, result(form_class, {"f": sent})] for sent in inputs(spec)]
        table.append({"field": spec, "cases": cases})
    lines = []
    for entry in table:
        cases = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in entry["cases"])
        lines.append('{"field": ' + json.dumps(entry["field"]) + ', "cases": [\n' + cases + "\n]}")
    print("[\n" + ",\n".join(lines) + "\n]")


main()

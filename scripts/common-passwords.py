#!/usr/bin/env python3
"""Writes which passwords everybody tries first: the first five bytes of the SHA-256 of each word of Django's list, sorted.

    $(scripts/django-venv.sh) scripts/common-passwords.py

Runs under a Python that has Django. The words themselves are not kept: that a password is among them is all we ask.
"""
import gzip
import hashlib
from pathlib import Path

import django.contrib.auth

WORDS = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")
TARGET = Path(__file__).resolve().parent.parent / "crates/engine/src/accounts/password/common.digests"

words = {line.strip() for line in gzip.decompress(WORDS.read_bytes()).decode().splitlines()}
TARGET.write_bytes(b"".join(sorted(hashlib.sha256(word.encode()).digest()[:5] for word in words)))
print(f"{len(words)} words")

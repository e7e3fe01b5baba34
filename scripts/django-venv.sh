#!/usr/bin/env bash
# Makes the virtual environment of scripts/django_site, once per list of requirements, and prints its Python.
set -euo pipefail
requirements=$(cd "$(dirname "$0")" && pwd)/django_site/requirements.txt
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/django-$(sha256sum "$requirements" | cut -c1-12)

if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2
    touch "$folder/ready"
fi
echo "$folder/bin/python"

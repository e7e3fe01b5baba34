#!/usr/bin/env bash
# Fetches a small storage that speaks S3 for tests once, into the user's cache, and prints the program. Of moto's parts
# only S3 is asked for: with all of them it would bring a symbolic algebra system.
set -euo pipefail
version=5.2.5
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/moto-s3-$version

if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "moto[s3]==$version" flask==3.1.3 flask-cors==6.0.5 >&2
    touch "$folder/ready"
fi
echo "$folder/bin/moto_server"

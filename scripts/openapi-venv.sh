#!/usr/bin/env bash
# A Python with schemathesis and openapi-python-client, which make requests and clients from an OpenAPI document; made once.
# Prints its path.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/openapi-venv-4.32-0.29.1
if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.32.*' 'openapi-python-client==0.29.1' >&2
    touch "$folder/ready"
fi
echo "$folder/bin/python"

#!/usr/bin/env bash
# Fetches the published front ends once, into the user's cache, and prints their folder.
# They are no part of this repository.
set -euo pipefail
packages=$(dirname "$0")/frontends.txt
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/frontends-$(sha256sum "$packages" | cut -c1-12)

if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m pip --version >/dev/null 2>&1 || { echo "missing: pip (apt install python3-pip)" >&2; exit 1; }
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
        --require-hashes --only-binary :all: --requirement "$packages" --target "$folder" >&2
    touch "$folder/ready"
fi
echo "$folder"

#!/usr/bin/env bash
# Fetches the published front end once, into the user's cache, and prints its folder. It is no part of this repository.
set -euo pipefail
package=django-admin-react==1.13.1
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/${package/==/-}

if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m pip --version >/dev/null 2>&1 || { echo "missing: pip (apt install python3-pip)" >&2; exit 1; }
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --target "$folder" "$package" >&2
    touch "$folder/ready"
fi
echo "$folder"

#!/usr/bin/env bash
# Fetches a small OpenID provider for tests once, into the user's cache, and prints the program.
set -euo pipefail
package=oidc-provider-mock==0.3.4
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/${package/==/-}

if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$package" >&2
    touch "$folder/ready"
fi
echo "$folder/bin/oidc-provider-mock"

#!/usr/bin/env bash
# A Python with mkdocs, which makes the book of docs/; made once. Prints its path.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/book-venv-1.6.1
if [[ ! -e $folder/ready ]]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check 'mkdocs==1.6.1' >&2
    touch "$folder/ready"
fi
echo "$folder/bin/python"

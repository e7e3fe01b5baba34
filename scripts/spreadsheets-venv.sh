#!/usr/bin/env bash
# A Python with openpyxl, which reads what was exported; made once. Prints its path.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/factotum/spreadsheets-venv-3.1
if [[ ! -x $folder/bin/python ]]; then
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check 'openpyxl==3.1.*' >&2
fi
echo "$folder/bin/python"

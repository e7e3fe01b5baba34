#!/usr/bin/env bash
# Measures the release build of the shop against the originals and a hand-written floor. Figures: docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z ${BENCH:-} || ! -f $BENCH/compare.py ]]; then
    cat >&2 <<'TEXT'
Usage: BENCH=path/to/bench scripts/bench.sh [options of compare.py]

BENCH names the folder of the comparison kit, with compare.py in it. Without options: the Conjure contract on SQLite
beside the original and the floor. For PostgreSQL: scripts/bench.sh --only 'conjure.*' --floor --db postgres
TEXT
    exit 2
fi

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/factotum/target}
cargo build --release --locked --quiet -p shop

[[ $# -gt 0 ]] || set -- --only 'conjure.*' --floor
database=sqlite:{db}
[[ " $* " != *" --db postgres "* ]] || database={db}
exec python3 "$BENCH/compare.py" --ours "$CARGO_TARGET_DIR/release/shop serve --database $database --listen 127.0.0.1:{port}" "$@"

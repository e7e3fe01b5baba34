#!/usr/bin/env bash
# Fetches what the documentation pages are made of, packs it, and puts it with its licences into crates/factotum/assets.
# It is run by hand when a version changes; the versions here and in crates/factotum/src/http/pages/files.rs are the same.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/crates/factotum/assets
packages=(swagger-ui-dist@5.35.0 redoc@2.5.4 @stoplight/elements@9.0.25 rapidoc@9.3.8)
files=(
    swagger-ui-dist/swagger-ui-bundle.js
    swagger-ui-dist/swagger-ui.css
    redoc/bundles/redoc.standalone.js
    @stoplight/elements/web-components.min.js
    @stoplight/elements/styles.min.css
    rapidoc/dist/rapidoc-min.js
)
licences=(
    swagger-ui-dist/LICENSE swagger-ui-dist/NOTICE swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt
    redoc/LICENSE redoc/bundles/redoc.standalone.js.LICENSE.txt
    @stoplight/elements/LICENSE @stoplight/elements/web-components.min.js.LICENSE.txt
    rapidoc/LICENSE.txt rapidoc/dist/rapidoc-min.js.LICENSE.txt
)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for package in "${packages[@]}"; do
    folder=$work/${package%@*}
    mkdir -p "$folder"
    tar -xzf "$work/$(cd "$work" && npm pack --silent "$package")" -C "$folder" --strip-components 1
done

# The one picture that would be fetched from elsewhere becomes an empty one.
sed -i 's|https://cdn.redoc.ly/redoc/logo-mini.svg|data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E|g' \
    "$work/redoc/bundles/redoc.standalone.js"

rm -rf "$target"
mkdir -p "$target"
for file in "${files[@]}"; do
    # Maps are not served, so nobody is told of them.
    grep -v -E '^(//|/\*)# sourceMappingURL=' "$work/$file" | gzip -9n >"$target/$(basename "$file").gz"
done
{
    echo "The documentation pages are made of ${packages[*]}. These are their licences and those of what they contain."
    for file in "${licences[@]}"; do
        printf '\n======== %s ========\n\n' "$file"
        cat "$work/$file"
    done
} >"$target/licences.txt"

#!/usr/bin/env bash
# What the images are made of, in deploy/wheels: our own wheels built, the others as requirements.lock pins and hashes
# them, and for each service <service>.txt, the list of what it needs. The only step of a build that downloads.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
wheels=deploy/wheels
declare -A folder=(
    [roster-api]=services/roster-api [matching-worker]=services/matching-worker [notifier]=services/notifier
    [commune-portal]=portal [commune-stack]=deploy
)

make --silent assets # they lie in the portal's wheel
mkdir -p "$wheels"
rm -f "$wheels"/*.txt "$wheels"/{commune_schemas,roster_api,matching_worker,notifier,commune_portal,commune_stack}-*.whl
pins=$(mktemp)
trap 'rm -f "$pins"' EXIT
grep -E '^[A-Za-z0-9._-]+==' requirements.lock | sed 's/ *\\$//' > "$pins"
# For any Python 3.11, not for the one here: what 3.11.2 needs more than 3.11.7 would be missing in the image.
for service in "${!folder[@]}"; do
    $bin/uv pip compile --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -c "$pins" --unsafe-package commune-schemas \
        "${folder[$service]}/pyproject.toml" shared/pyproject.toml > "$wheels/$service.txt"
    $bin/python -m pip download --quiet --no-deps --require-hashes --only-binary=:all: -d "$wheels" -r "$wheels/$service.txt"
done
$bin/python -m pip download --quiet --no-deps --only-binary=:all: -d "$wheels" pip
for member in shared "${folder[@]}"; do
    $bin/uv build --quiet --wheel --no-create-gitignore --out-dir "$wheels" "$member"
done
echo "$(ls "$wheels"/*.whl | wc -l) wheels in $wheels"

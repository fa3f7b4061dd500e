#!/bin/sh
# Checks the OpenAPI document by what is made of it: the linter of redocly, a TypeScript client compiled with --strict,
# and a Python client compiled, imported and called. Then checks that the document has only grown since the last release, and the
# linked data and the calendars of the running service.
#
#     tests/clients/check.sh [FILE] [BINARY]
#
# FILE is openapi/openapi.json and BINARY target/debug/directive-tracker if they are not given. Everything is installed and generated below target/clients.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/clients
file=$(realpath "${1:-$root/openapi/openapi.json}")
binary=$(realpath "${2:-$root/target/debug/directive-tracker}")
work=$root/target/clients
mkdir -p "$work"
cd "$work"

# Installs again only when the pinned versions changed.
if ! cmp -s "$here/package.json" package.json || [ ! -d node_modules ]; then
    cp "$here/package.json" .
    npm install --no-audit --no-fund --loglevel=error
fi
if ! cmp -s "$here/requirements.txt" venv/requirements.txt; then
    rm -rf venv
    python3 -m venv venv
    venv/bin/pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" venv/
fi

echo '== redocly lint'
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
    node_modules/.bin/redocly lint --config "$root/redocly.yaml" "$file"

echo '== TypeScript client'
cp "$here/usage.ts" "$here/tsconfig.json" .
node_modules/.bin/openapi-typescript "$file" --output schema.d.ts
node_modules/.bin/tsc --project tsconfig.json

echo '== Python client'
rm -rf python
mkdir python
PATH=$work/venv/bin:$PATH venv/bin/openapi-python-client generate --path "$file" --meta none \
    --output-path python/directive_tracker_client --config "$here/python.yaml" --fail-on-warning
venv/bin/python -m compileall -q python
PYTHONPATH=python venv/bin/python "$here/usage.py"

echo '== Only additions since the last release'
venv/bin/python "$here/growth.py" "$root/openapi/released.json" "$file" node_modules/.bin/oasdiff

echo '== Linked data'
venv/bin/python "$here/linked_data.py" "$binary" node_modules

echo '== Calendars'
venv/bin/python "$here/calendars.py" "$binary"
echo '== all clients are well'

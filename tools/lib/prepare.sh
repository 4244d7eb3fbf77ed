# Sourced by tools/demo and tools/test: installs what is missing, and finds the repository.
# What only the machine's owner may install is named with the exact command.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

if ! command -v swift >/dev/null; then
    echo "There is no Swift toolchain. Install Swift 6.2 or newer (https://www.swift.org/install/linux/)" >&2
    echo "and put its usr/bin into PATH." >&2
    exit 69
fi

# need FILE-OR-COMMAND PACKAGE …: remembers the Debian packages of what is not there.
missing=()
need() {
    local what=$1
    shift
    case $what in
        /*) [ -e "$what" ] || missing+=("$@") ;;
        *) command -v "$what" >/dev/null || missing+=("$@") ;;
    esac
}

install_missing() {
    [ ${#missing[@]} -eq 0 ] && return 0
    local install="apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing ${missing[*]}"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
    elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
        echo "Installing ${missing[*]}"
        sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
    else
        echo "These packages are missing. Install them, then run this again:" >&2
        echo "    sudo apt-get update && sudo $install" >&2
        exit 69
    fi
    missing=()
}

need_for_build() {
    need /usr/include/sqlite3.h libsqlite3-dev
    need /usr/include/openssl/evp.h libssl-dev
    need /usr/include/minizip/zip.h libminizip-dev
    need /usr/include/expat.h libexpat1-dev
    need pkg-config pkg-config
    need git git
    need python3 python3
    need openssl openssl
    install_missing
}

# Debian keeps initdb and postgres out of PATH.
need_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql
}

# The browser that a bundle's page is checked in.
need_browser() { need chromium chromium fonts-dejavu-core; }

# What a stage for canaries consists of. Debian keeps haproxy out of an ordinary user's PATH.
need_stage() {
    [ -x /usr/sbin/haproxy ] || need haproxy haproxy
    need prometheus prometheus
}

# The binary that ships: Swift's runtime linked in, for processes that live some milliseconds.
build_release() {
    swift build -c release --static-swift-stdlib --product daybook
    daybook=$root/.build/release/daybook
    export DAYBOOK_BINARY=$daybook
}

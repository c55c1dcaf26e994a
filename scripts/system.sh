#!/bin/sh
# Sees to what pip cannot install: a Python that can make virtual environments, and for the tests a browser and a C
# compiler.
# On Debian and as root it installs the missing package; otherwise it says in one line what to install.
#
#   scripts/system.sh python [PYTHON]     scripts/system.sh browser     scripts/system.sh faults
set -eu

say() {
    echo "$*" >&2
}

can_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

install_package() {
    say "Installing Debian's package $1 ..."
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" </dev/null >/dev/null
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

makes_venvs() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

need_python() {
    if ! new_enough "$1"; then
        say "Python 3.11 or newer is needed and '$1' is not: install Debian's python3, or name another with: make PYTHON=python3.12 ..."
        exit 1
    fi
    makes_venvs "$1" && return
    if can_install; then install_package python3-venv; fi
    if ! makes_venvs "$1"; then
        say "'$1' cannot make virtual environments: apt-get install python3-venv"
        exit 1
    fi
}

need_browser() {
    command -v chromium >/dev/null && return
    if can_install; then install_package chromium; fi
    if ! command -v chromium >/dev/null; then
        say "The browser tests need chromium: apt-get install chromium (or leave them out: make test BROWSER=no)"
        exit 1
    fi
}

need_compiler() {
    can_compile && return
    if can_install; then install_package gcc; install_package libc6-dev; fi
    if ! can_compile; then
        say "The tests of faults need a C compiler: apt-get install gcc libc6-dev (without one they are skipped)"
        exit 1
    fi
}

can_compile() {
    echo '#include <linux/seccomp.h>' | cc -E - >/dev/null 2>&1
}

case "${1:-}" in
    python) need_python "${2:-python3}" ;;
    browser) need_browser ;;
    faults) need_compiler ;;
    *) say "usage: scripts/system.sh python [PYTHON] | browser | faults"; exit 2 ;;
esac

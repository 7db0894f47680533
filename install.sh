#!/bin/sh
# Install what pip cannot: bubblewrap, in which students' code runs, and for the tests a Chromium with its driver
# and PostgreSQL, of which they start a server of their own.
# With Debian's or Ubuntu's apt and as root they are installed; otherwise one sentence says what to install.
#
#   sh install.sh grading    bubblewrap
#   sh install.sh testing    bubblewrap, Chromium and its driver, PostgreSQL
set -eu

has() { command -v "$1" >/dev/null 2>&1; }
has_postgresql() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }  # Debian's is not on the PATH

missing=""
has bwrap || missing="$missing bubblewrap"
if [ "${1:-grading}" = testing ]; then
    has chromium || has google-chrome || missing="$missing chromium"
    has chromedriver || missing="$missing chromium-driver"
    has_postgresql || missing="$missing postgresql"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "Installing$missing (Debian packages) …"
    log=$(mktemp)
    if apt-get update -qq >"$log" 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >>"$log" 2>&1; then
        rm "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
fi
echo "Missing:$missing. Install them as root, on Debian with: apt-get install$missing; then run this again." >&2
exit 1

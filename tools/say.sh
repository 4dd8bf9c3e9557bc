# SPDX-License-Identifier: Apache-2.0
# Sourced. Words go to stderr; what fails says in one line what to do.

say() { printf '%s\n' "$*" >&2; }
die() { say "dev: $*"; exit 1; }

# need_space MEGABYTES: in the checkout's file system.
need_space() {
    free_kb=$(df -Pk "$ROOT" | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -ge $(($1 * 1024)) ] ||
        die "the disk is full: $1 MB are needed in $ROOT, $((free_kb / 1024)) MB are free; make room and run this again"
}

# logged FILE COMMAND...: quiet if it works; FILE has the output.
logged() {
    log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null
}

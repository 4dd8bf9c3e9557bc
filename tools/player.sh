# SPDX-License-Identifier: Apache-2.0
# Sourced. What the browser player is bundled and tested with, from the npm registry, as player/package-lock.json says:
# npm checks what it fetches against the checksums there, and runs no scripts of it.

setup_player() {
    key=$(cat "$ROOT/player/package.json" "$ROOT/player/package-lock.json" "$ROOT/player/.npmrc" | sha256 -)
    is_done player "$key" && return 0
    need_space 200
    setup_npm
    say "fetching what the player is made with (about 50 MB)"
    mkdir -p "$PART" "$VENDOR/player"
    cp "$ROOT/player/package.json" "$ROOT/player/package-lock.json" "$ROOT/player/.npmrc" "$VENDOR/player/"
    (cd "$VENDOR/player" && logged "$PART/npm.log" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
        --cache "$PART/npm-cache") || npm_failed "what player/package-lock.json names" "$PART/npm.log"
    rm -rf "$PART/npm-cache"
    set_done player "$key"
}

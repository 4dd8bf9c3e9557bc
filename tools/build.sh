# SPDX-License-Identifier: Apache-2.0
# Sourced. Configures and builds one build folder.

# compile FOLDER COMPILER MESON_OPTION...: configures anew when the options are others than last time.
compile() {
    folder=$ROOT/$1 compiler=$2
    shift 2
    options="$ROOT $compiler $*"
    if [ "$(cat "$folder/.options" 2>/dev/null)" != "$options" ]; then
        rm -rf "$folder"
        CC=$compiler logged_or_shown "$ROOT/.meson.part" meson setup "$folder" "$ROOT" \
            -Ddata_dir="$VENDOR" "$@" || return 1
        printf '%s\n' "$options" >"$folder/.options"
    fi
    logged_or_shown "$folder/.build.log" ninja -C "$folder"
}

# Quiet if it works; else everything it said.
logged_or_shown() {
    log=$1
    if logged "$@"; then
        if [ "$log" = "$ROOT/.meson.part" ]; then rm -f "$log"; fi
        return 0
    fi
    cat "$log" >&2
    return 1
}

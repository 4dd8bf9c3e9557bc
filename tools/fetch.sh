# SPDX-License-Identifier: Apache-2.0
# Sourced. Fills vendor/ with what Debian does not have: the inference runtime, the models, and a clip.
#
# Everything is made in vendor/.part and moved to its place when it is whole and its checksum is right. A stamp
# then holds the checksum of what it was made from, so the next run has nothing to do, and needs no network.

PART=$VENDOR/.part
FETCH_LIST=$ROOT/tools/fetch.list
CLIP_PACKAGE=opencv-doc
CLIP_PATH=usr/share/doc/opencv-doc/examples/data/vtest.avi
CLIP_SHA256=45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf

sha256() { sha256sum "$@" | cut -d ' ' -f 1; }

# is_done STAMP KEY
is_done() { [ "$(cat "$VENDOR/.done-$1" 2>/dev/null)" = "$2" ]; }
set_done() { printf '%s\n' "$2" >"$VENDOR/.done-$1"; }

# The npm registry.

npm_failed() {
    if grep -qi 'ENOSPC' "$2"; then
        die "the disk is full: $1 could not be fetched; make room and run this again"
    elif grep -qiE 'E404|ETARGET' "$2"; then
        die "the npm registry has no $1: is it another one than npm's own? (npm config get registry)"
    fi
    die "$1 cannot be fetched from the npm registry: check the network and run this again ($2 has what npm said)"
}

# fetch_package NAME@VERSION SHA256: to $PART/package.tgz
fetch_package() {
    say "fetching $1 (about 150 MB)"
    rm -rf "$PART/tarball"
    mkdir -p "$PART/tarball"
    (cd "$PART/tarball" && logged "$PART/npm.log" npm pack --ignore-scripts --no-update-notifier \
        --cache "$PART/npm-cache" "$1") || npm_failed "$1" "$PART/npm.log"
    mv "$PART/tarball"/*.tgz "$PART/package.tgz"
    [ "$(sha256 "$PART/package.tgz")" = "$2" ] ||
        die "$1 is not the file it should be (wrong SHA-256): nothing was installed; try again, and if it stays so, do not use it"
}

# take_files FILE...: lines "path place machine" on stdin; from the tarball to $PART/files
take_files() {
    while read -r path place machine; do
        case ${machine:-$MACHINE} in "$MACHINE") ;; *) continue ;; esac
        mkdir -p "$PART/files/$(dirname "$place")"
        tar -xzOf "$PART/package.tgz" "package/$path" >"$PART/files/$place" ||
            die "$path could not be unpacked: is the disk full?"
    done
}

# files_of PACKAGE: its lines of the list, without the first word
files_of() {
    awk -v package="$1" '$1 == "package" { ours = $2 == package } ours && $1 == "file" { $1 = ""; print }' "$FETCH_LIST"
}

move_to_vendor() {
    (cd "$PART/files" && find . -type f) | while read -r place; do
        mkdir -p "$VENDOR/$(dirname "$place")"
        mv -f "$PART/files/$place" "$VENDOR/$place"
    done
}

setup_runtime() {
    MACHINE=$(uname -m)
    case $MACHINE in
    x86_64 | aarch64) ;;
    *) die "there is no inference runtime for $MACHINE, only for x86_64 and aarch64" ;;
    esac
    key="$MACHINE $(sha256 "$FETCH_LIST")"
    is_done runtime "$key" && return 0
    need_space 800
    setup_npm
    rm -rf "$PART/files"
    grep '^package' "$FETCH_LIST" | while read -r _ package sum machines; do
        case ,$machines, in *",$MACHINE,"*) ;; *) continue ;; esac
        fetch_package "$package" "$sum"
        files_of "$package" | take_files
        rm -rf "$PART/package.tgz" "$PART/npm-cache"
    done
    move_to_vendor
    set_done runtime "$key"
}

# The models, from their sources.

setup_models() {
    key=$(cat "$ROOT"/models/*.py "$ROOT"/models/*.tsv "$ROOT/models/outputs.sha256" "$VENDOR"/sources/* | sha256 -)
    is_done models "$key" && return 0
    say "converting the models"
    need_space 100
    rm -rf "$PART/models"
    mkdir -p "$PART/models" "$VENDOR/models"
    PYTHONDONTWRITEBYTECODE=1 logged "$PART/convert.log" \
        "$PYTHON" "$ROOT/models/convert_models.py" "$VENDOR/sources" "$PART/models" ||
        die "the models could not be converted: $(tail -n 1 "$PART/convert.log")"
    (cd "$PART/models" && logged "$PART/convert.log" sha256sum --check --quiet "$ROOT/models/outputs.sha256") ||
        die "the converted models are not what models/outputs.sha256 says: $(head -n 1 "$PART/convert.log")"
    mv -f "$PART"/models/* "$VENDOR/models/"
    set_done models "$key"
}

# The clip. Debian's package holds it as an example; where documentation is not installed, it is taken from the
# package itself.

setup_clip() {
    [ -f "$CLIP" ] && return 0
    mkdir -p "$PART/clip" "$(dirname "$CLIP")"
    if [ -f "/$CLIP_PATH" ]; then
        cp "/$CLIP_PATH" "$PART/clip/vtest.avi"
    else
        say "fetching a clip of people walking (Debian's $CLIP_PACKAGE, about 95 MB)"
        need_space 300
        rm -f "$PART"/clip/*
        (cd "$PART/clip" && logged "$PART/apt.log" apt-get -q download "$CLIP_PACKAGE") || {
            find_root "$CLIP_PACKAGE"
            apt_get update
            (cd "$PART/clip" && logged "$PART/apt.log" apt-get -q download "$CLIP_PACKAGE") || apt_failed "$PART/apt.log"
        }
        dpkg-deb --fsys-tarfile "$PART"/clip/*.deb | tar -xOf - "./$CLIP_PATH" >"$PART/clip/vtest.avi" ||
            die "the clip could not be taken out of $CLIP_PACKAGE: is the disk full?"
    fi
    [ "$(sha256 "$PART/clip/vtest.avi")" = "$CLIP_SHA256" ] ||
        die "the clip in Debian's $CLIP_PACKAGE is not the one it should be (wrong SHA-256)"
    mv "$PART/clip/vtest.avi" "$CLIP"
    rm -rf "$PART/clip"
}

setup_vendor() {
    mkdir -p "$PART"
    setup_runtime
    setup_models
    setup_clip
    setup_player
    rm -rf "$PART"
}

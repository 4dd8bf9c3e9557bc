#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The player's sources and the part of its tests that runs in a browser agree with their types; TAP.
HERE=$(cd "$(dirname "$0")" && pwd)
MODULES=$BAUTA_DATA/player/node_modules
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# TypeScript looks for packages beside the sources, and ours are elsewhere.
mkdir "$WORK/tests"
cp -r "$HERE/../../player" "$WORK/player" && rm -rf "$WORK/player/node_modules" && cp -r "$HERE" "$WORK/tests/player"
ln -s "$MODULES" "$WORK/node_modules"
echo '{"extends": "./player/tsconfig.json", "include": ["player", "tests"]}' >"$WORK/tsconfig.json"
check() { (cd "$WORK" && node node_modules/typescript/bin/tsc --noEmit -p .); }
echo "1..2"
if check >"$WORK/log" 2>&1; then
    echo "ok 1 - the_player_is_well_typed"
else
    echo "not ok 1 - the_player_is_well_typed"
    sed 's/^/# /' "$WORK/log"
fi
# A control: a wrong type is found.
echo 'import { u32 } from "./format/bytes.ts"; u32("one");' >"$WORK/player/wrong.ts"
if check | grep -q '^player/wrong.ts(1,'; then
    echo "ok 2 - a_wrong_type_is_found"
else
    echo "not ok 2 - a_wrong_type_is_found"
fi

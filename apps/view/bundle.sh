#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bundles one of the player's programs with what it imports, and tells the build what it was made from.
# usage: bundle.sh NODE_MODULES PLAYER_FOLDER ENTRY.ts OUT.js DEPFILE
set -eu
modules=$1 folder=$2 entry=$3 name=$4 depfile=$PWD/$5
out=$PWD/$name
cd "$folder"
NODE_PATH=$modules node "$modules/esbuild/bin/esbuild" "$entry" --bundle --format=esm --target=es2022 --minify \
    --legal-comments=inline --charset=utf8 --log-level=warning --metafile="$out.meta" --outfile="$out"
node -e '
const [meta, out, depfile] = process.argv.slice(1), fs = require("fs"), path = require("path");
const inputs = Object.keys(JSON.parse(fs.readFileSync(meta)).inputs).filter((name) => !name.startsWith("<"));
fs.writeFileSync(depfile, `${out}: ${inputs.map((name) => path.resolve(name).replace(/ /g, "\\ ")).join(" ")}\n`);
' "$out.meta" "$name" "$depfile"
rm -f "$out.meta"

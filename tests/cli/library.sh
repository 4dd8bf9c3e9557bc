#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The installed library, found by pkg-config, serves a stranger's program; usage: library.sh BAUTA BUILD SOURCE
. "$(dirname "$0")/lib.sh"
small_clip 2

DESTDIR=$WORK/root meson install -C "$2" --no-rebuild >log.txt 2>&1
ok $? installs
pc=$(find root -name bauta.pc)
export PKG_CONFIG_SYSROOT_DIR="$WORK/root" PKG_CONFIG_PATH="$(dirname "$pc")"
# shellcheck disable=SC2046 # words
cc -std=c11 -Wall -Wextra -Wpedantic -Werror "$3/examples/camera.c" -o camera $(pkg-config --cflags --libs bauta) >log.txt 2>&1
ok $? the_example_compiles_against_it
[ "$(wc -l <"$3/examples/camera.c")" -lt 100 ]
ok $? the_example_is_under_a_hundred_lines
for header in "$3"/include/bauta/*.h; do
    echo "#include <bauta/$(basename "$header")>" >one.c
    # shellcheck disable=SC2046 # words
    cc -std=c11 -pedantic-errors -Werror -fsyntax-only $(pkg-config --cflags bauta) one.c >log.txt 2>&1
    ok $? "$(basename "$header" .h)_stands_alone"
done
for header in "$3"/include/bauta/*.h; do
    echo "#include <bauta/$(basename "$header")>"
done | grep -v '<bauta/bauta.h>' | LC_ALL=C sort >all.txt
grep '^#include' "$3/include/bauta/bauta.h" | LC_ALL=C sort | diff all.txt - >log.txt
ok $? bauta_h_includes_all_others
# The loop in the docstring, as a program would have it.
{
    cat <<'TEXT'
#include <bauta/bauta.h>
bool camera_next(struct bauta_picture *picture, int64_t *pts);
enum bauta_status camera_send(struct bauta_bytes unit);
enum bauta_status encoder_code(struct bauta_bytes *coded, const struct bauta_picture *picture, bool idr);
enum bauta_status run(const struct bauta_public_key *recipient);
enum bauta_status run(const struct bauta_public_key *recipient)
{
    struct bauta_object_codec object_codec;
    struct bauta_protector_settings settings;
    struct bauta_protector *protector;
    struct bauta_picture picture;
    struct bauta_mask_report report;
    struct bauta_bytes coded, protected_unit;
    enum bauta_status status;
    int64_t pts;
TEXT
    sed -n '/The loop/,/\*\//s/^ \*     //p' "$3/include/bauta/protector.h"
    printf '    return status;\n}\n'
} >loop.c
# shellcheck disable=SC2046 # words
grep -q bauta_protector_attach loop.c && grep -q bauta_protector_free loop.c &&
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only $(pkg-config --cflags bauta) loop.c >log.txt 2>&1
ok $? the_loop_in_the_docstring_compiles
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libbauta.so.0')")
export LD_LIBRARY_PATH
ffmpeg -nostdin -v error -i clip.avi -f rawvideo -pix_fmt yuv420p - |
    ./camera 768 576 10 own.pub >masked.h264 2>log.txt && [ "$(pictures masked.h264)" = 20 ]
ok $? the_example_protects
unset LD_LIBRARY_PATH
bauta recover --key own.key masked.h264 recovered.mp4 && [ "$(pictures recovered.mp4)" = 20 ]
ok $? and_what_it_made_is_recovered
nm -D --defined-only "$(find root -name 'libbauta.so.*.*')" | awk '$2 ~ /[TDRB]/ && $3 !~ /^bauta_/ { print; bad = 1 } END { exit bad }' >log.txt
ok $? only_public_names_are_exported
library=$(find root -name 'libbauta.so.*.*')
nm -D --defined-only "$library" | awk '$3 ~ /^bauta_/ { print $3 }' | LC_ALL=C sort >exported.txt
diff "$3/src/bauta.symbols" exported.txt >log.txt
ok $? what_is_exported_stands_in_the_list
# A declaration that is exported goes from BAUTA_API to the first semicolon.
cat "$3"/include/bauta/*.h | tr '\n' ' ' | grep -o 'BAUTA_API [^;]*;' | sed 's/BAUTA_MUST_CHECK//' |
    grep -o 'bauta_[a-z0-9_]*(' | tr -d '(' | LC_ALL=C sort -u >declared.txt
diff declared.txt exported.txt >log.txt
ok $? what_is_exported_is_what_the_headers_declare
objdump -p "$library" | grep -q 'SONAME *libbauta\.so\.0$'
ok $? the_soname_is_that_of_this_abi
done_testing

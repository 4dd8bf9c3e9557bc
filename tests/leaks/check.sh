#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each case of leaks.c must not compile with the wrong type, and must with the right one. TAP output.
# usage: check.sh SOURCE_ROOT COMPILER...    COMPILER: all its words, as "ccache cc"
root=$1 cases=7
shift
compiler=$*

try() {
    # shellcheck disable=SC2086 # words
    $compiler -std=c11 -fsyntax-only -Werror -Wno-unused-parameter -D_POSIX_C_SOURCE=200809L \
        -I"$root/include" -I"$root/src" "$@" "$root/tests/leaks/leaks.c" 2>&1
}

echo "1..$((2 * cases))"
i=1
while [ $i -le $cases ]; do
    said=$(try -DLEAK=$i -DWRONG) && result="not ok" || result=ok
    case $said in *incompatible*pointer*) ;; *) result="not ok" ;; esac # for that reason and no other
    echo "$result $((2 * i - 1)) - leak_${i}_does_not_compile"
    said=$(try -DLEAK=$i) && result=ok || result="not ok"
    [ -z "$said" ] || echo "$said" | sed 's/^/# /'
    echo "$result $((2 * i)) - its_twin_${i}_with_the_right_type_does"
    i=$((i + 1))
done

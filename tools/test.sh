# SPDX-License-Identifier: Apache-2.0
# Sourced. Builds in several ways and runs the tests in each; tools/count_tests sums up.

# A build of its own for each; warnings are errors. Programs stop at the first fault that a sanitizer sees, with a
# status that says so. Clang's address sanitizer resolves symbols only at run time, hence b_lundef.
SANITIZED="-Dwerror=true -Dbuildtype=debugoptimized"
ADDRESS="$SANITIZED -Db_sanitize=address,undefined"
export ASAN_OPTIONS=detect_leaks=1:exitcode=99
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99

# Where tests find what they need. Those that need clips of shared/data skip without it.
test_environment() {
    export BAUTA_DATA=$VENDOR BAUTA_DEMO_CLIP=$CLIP
    if [ -d "$ROOT/../shared/data" ]; then
        BAUTA_SHARED=$(cd "$ROOT/../shared/data" && pwd)
        export BAUTA_SHARED
    fi
}

# The thread sanitizer needs its shadow memory at a fixed place, which random addresses may take.
fixed_addresses() {
    if setarch "$(uname -m)" -R true 2>/dev/null; then
        setarch "$(uname -m)" -R "$@"
    else
        "$@"
    fi
}

# test_build FOLDER COMPILER "MESON_OPTION..." "TEST_OPTION..." [NAME]
test_build() {
    say "$1: building"
    rm -f "$ROOT/$1/meson-logs/testlog.json"
    # shellcheck disable=SC2086 # lists of words
    if ! compile "$1" "$2" $3; then
        mkdir -p "$ROOT/$1"
        : >"$ROOT/$1/.broken"
        return 0
    fi
    rm -f "$ROOT/$1/.broken"
    say "$1: testing"
    # What failed is read from the log, not from the status: cmocka's skipped tests look like failures to Meson.
    # shellcheck disable=SC2086 # lists of words
    logged "$ROOT/$1/.test.log" fixed_addresses meson test -C "$ROOT/$1" --no-rebuild $4 ${5:+"$5"} || true
}

run_tests() {
    setup
    setup_test_packages
    test_environment
    test_build build-gcc-asan gcc "$ADDRESS" "--no-suite script --timeout-multiplier 3" "$@"
    test_build build-clang-asan clang "$ADDRESS -Db_lundef=false" \
        "--no-suite script --no-suite hostile --timeout-multiplier 3" "$@"
    test_build build-tsan clang "$SANITIZED -Db_sanitize=thread -Db_lundef=false" \
        "--suite pipeline --timeout-multiplier 5" "$@"
    test_build build gcc "" "" "$@"
    "$PYTHON" "$ROOT/tools/count_tests" build-gcc-asan build-clang-asan build-tsan build
}

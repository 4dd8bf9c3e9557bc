/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <stdlib.h>

#include "check.h"

static void expect(const char *output, const char *word, int number, const char *expected)
{
    char *path = bauta_numbered_path(output, word, number);
    assert_string_equal(path, expected);
    free(path);
}

static void the_first_has_the_name_itself(void **state)
{
    (void)state;
    expect("out.mp4", "part", 1, "out.mp4");
    expect("a/b/out", "track", 1, "a/b/out");
}

static void others_have_their_number_before_the_ending(void **state)
{
    (void)state;
    expect("out.mp4", "part", 2, "out-part2.mp4");
    expect("a/b.c/out.tar.mkv", "track", 1000, "a/b.c/out.tar-track1000.mkv");
}

static void a_name_without_an_ending_has_it_at_its_end(void **state)
{
    (void)state;
    expect("a.b/out", "part", 3, "a.b/out-part3");
    expect(".hidden", "part", 2, ".hidden-part2");
    expect("a/.hidden", "track", 2, "a/.hidden-track2");
    expect("", "part", 2, "-part2");
    expect("-", "part", 2, "--part2");
}

static void no_name_gives_none(void **state)
{
    (void)state;
    assert_null(bauta_numbered_path(NULL, "part", 2));
    assert_null(bauta_numbered_path("out.mp4", NULL, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_has_the_name_itself),
        cmocka_unit_test(others_have_their_number_before_the_ending),
        cmocka_unit_test(a_name_without_an_ending_has_it_at_its_end),
        cmocka_unit_test(no_name_gives_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/version.h>
#include <stdio.h>

static void the_header_says_the_version_of_the_project(void **state)
{
    (void)state;
    assert_string_equal(PROJECT_VERSION, BAUTA_VERSION_STRING);
}

static void the_numbers_say_what_the_string_says(void **state)
{
    (void)state;
    char text[40];
    snprintf(text, sizeof(text), "%d.%d.%d", BAUTA_VERSION_MAJOR, BAUTA_VERSION_MINOR,
             BAUTA_VERSION_PATCH);
    assert_string_equal(BAUTA_VERSION_STRING, text);
}

static void the_library_says_the_version_that_it_was_built_with(void **state)
{
    (void)state;
    assert_string_equal(BAUTA_VERSION_STRING, bauta_version());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_says_the_version_of_the_project),
        cmocka_unit_test(the_numbers_say_what_the_string_says),
        cmocka_unit_test(the_library_says_the_version_that_it_was_built_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

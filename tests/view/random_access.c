/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdbool.h>

#include "random_access.h"

/* Where decoding can begin. */

#define UNIT(...)                                                                                  \
    ((struct bauta_bytes){(const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})})

static void an_idr_slice_of_h264_is_found_behind_parameter_sets(void **state)
{
    (void)state;
    assert_true(random_access_is(BAUTA_CODEC_H264, UNIT(0, 0, 1, 0x65, 1)));
    assert_true(random_access_is(BAUTA_CODEC_H264,
                                 UNIT(0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x68, 9, 0, 0, 1, 0x25)));
}

static void parameter_sets_before_another_slice_do_not_count(void **state)
{
    (void)state;
    assert_false(random_access_is(BAUTA_CODEC_H264,
                                  UNIT(0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x68, 9, 0, 0, 1, 0x41, 5)));
    assert_false(random_access_is(BAUTA_CODEC_H265, UNIT(0, 0, 1, 0x40, 1, 0, 0, 1, 0x02, 1)));
}

static void the_irap_pictures_of_h265_count(void **state)
{
    (void)state;
    for (uint8_t type = 0; type < 64; type++)
        assert_int_equal(type >= 16 && type <= 21,
                         random_access_is(BAUTA_CODEC_H265, UNIT(0, 0, 0, 1, 0x40, 1, 0, 0, 1,
                                                                 (uint8_t)(type << 1), 1)));
}

static void nothing_is_read_behind_the_end(void **state)
{
    (void)state;
    assert_false(random_access_is(BAUTA_CODEC_H264, (struct bauta_bytes){NULL, 0}));
    assert_false(random_access_is(BAUTA_CODEC_H264, UNIT(0, 0, 1)));
    assert_false(random_access_is(BAUTA_CODEC_H264, UNIT(5, 0, 0, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idr_slice_of_h264_is_found_behind_parameter_sets),
        cmocka_unit_test(parameter_sets_before_another_slice_do_not_count),
        cmocka_unit_test(the_irap_pictures_of_h265_count),
        cmocka_unit_test(nothing_is_read_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

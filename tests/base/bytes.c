/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "base/buffer.h"
#include "base/reader.h"

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct bt_buffer b = {0};
    bt_buffer_put_u8(&b, 0xab);
    bt_buffer_put_u16(&b, 0x1234);
    bt_buffer_put_u32(&b, 0xdeadbeef);
    bt_buffer_put_u64(&b, 0x0123456789abcdefULL);
    bt_buffer_append(&b, (struct bauta_bytes){(const uint8_t *)"xyz", 3});
    check_ok(bt_buffer_status(&b));
    struct bt_reader r;
    bt_reader_init(&r, bt_buffer_view(&b));
    assert_int_equal(0xab, bt_reader_u8(&r));
    assert_int_equal(0x1234, bt_reader_u16(&r));
    assert_int_equal(0xdeadbeef, bt_reader_u32(&r));
    assert_true(0x0123456789abcdefULL == bt_reader_u64(&r));
    assert_memory_equal("xyz", bt_reader_take(&r, 3).data, 3);
    assert_false(r.overrun);
    assert_int_equal(0, bt_reader_left(&r));
    bt_buffer_clear(&b);
}

static void a_vlq_has_one_coding_and_returns(void **state)
{
    (void)state;
    const uint32_t values[] = {0,     1,       127,     128,       16383,
                               16384, 2097151, 2097152, 268435455, UINT32_MAX};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct bt_buffer b = {0};
        bt_buffer_put_vlq(&b, values[i]);
        struct bt_reader r;
        bt_reader_init(&r, bt_buffer_view(&b));
        assert_int_equal(values[i], bt_reader_vlq(&r));
        assert_false(r.overrun);
        assert_int_equal(0, bt_reader_left(&r));
        bt_buffer_clear(&b);
    }
    const char *bad[] = {"\x80\x01", "\xff\xff\xff\xff\xff", "\x9f\xff\xff\xff\x7f", "\x81"};
    const size_t sizes[] = {2, 5, 5, 1};
    for (size_t i = 0; i < 4; i++) {
        struct bt_reader r;
        bt_reader_init(&r, (struct bauta_bytes){(const uint8_t *)bad[i], sizes[i]});
        assert_int_equal(0, bt_reader_vlq(&r));
        assert_true(r.overrun);
    }
}

static void reading_past_the_end_gives_zero_and_stays_an_overrun(void **state)
{
    (void)state;
    const uint8_t two[] = {1, 2};
    struct bt_reader r;
    bt_reader_init(&r, (struct bauta_bytes){two, 2});
    assert_int_equal(0, bt_reader_u32(&r));
    assert_true(r.overrun);
    assert_int_equal(0, bt_reader_u8(&r));
    assert_null(bt_reader_take(&r, 0).data);
    bt_reader_init(&r, (struct bauta_bytes){NULL, 0});
    assert_int_equal(0, bt_reader_take(&r, 0).size);
    assert_false(r.overrun);
}

static void a_buffer_too_large_fails_once_and_for_all(void **state)
{
    (void)state;
    struct bt_buffer b = {0};
    assert_null(bt_buffer_extend(&b, SIZE_MAX / 2));
    bt_buffer_put_u8(&b, 1);
    check_status(BAUTA_ERR_MEMORY, bt_buffer_status(&b));
    assert_int_equal(0, b.size);
    bt_buffer_reset(&b);
    bt_buffer_put_u8(&b, 1);
    check_ok(bt_buffer_status(&b));
    bt_buffer_wipe(&b);
    assert_null(b.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_vlq_has_one_coding_and_returns),
        cmocka_unit_test(reading_past_the_end_gives_zero_and_stays_an_overrun),
        cmocka_unit_test(a_buffer_too_large_fails_once_and_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

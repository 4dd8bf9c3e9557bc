/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "crypto/key.h"
#include "recovery/amendment.h"
#include "recovery/wire.h"

enum { N_ENTRIES = 6, PLACE_OF_VERSION = 1 };

static struct bauta_signing_key key = {.bytes = {7}};

/* Entry `i` of an amendment whose last ones name `far` and what comes after it. */
static int region_of(int i, int far)
{
    return i < N_ENTRIES / 2 ? i : far + i;
}

static void digest_of(uint8_t digest[BT_DIGEST_SIZE], int i)
{
    memset(digest, i + 1, BT_DIGEST_SIZE);
}

/* An amendment that says that regions were erased in units 5 and 6. */
static void write_amendment(struct bt_buffer *out, int far)
{
    struct bt_buffer erased = {0};
    struct bt_amendment m = {.epoch = 3, .kind = BT_AMENDMENT_ERASED, .utc_ms = 9};
    for (uint32_t unit = 5; unit < 7; unit++)
        for (int i = 0; i < N_ENTRIES; i++) {
            uint8_t digest[BT_DIGEST_SIZE];
            digest_of(digest, i);
            bt_amendment_put_erased(&erased, unit, region_of(i, far), digest);
        }
    m.erased = bt_buffer_view(&erased);
    check_ok(bt_amendment_write(out, &m, &key));
    bt_buffer_clear(&erased);
}

static void check_finds(const struct bt_amendment *m, int far)
{
    for (int region = 0; region < BT_MAX_REGIONS; region++) {
        uint8_t digest[BT_DIGEST_SIZE];
        int entry = -1;
        for (int i = 0; i < N_ENTRIES; i++)
            if (region_of(i, far) == region)
                entry = i;
        digest_of(digest, entry);
        for (uint32_t unit = 4; unit < 8; unit++) {
            const uint8_t *found = bt_amendment_find(m, unit, region);
            bool named = entry >= 0 && (unit == 5 || unit == 6);
            assert_true(named == (found != NULL));
            if (found)
                assert_memory_equal(digest, found, BT_DIGEST_SIZE);
        }
    }
}

static void what_was_erased_is_found_in_either_form_and_verifies(void **state)
{
    (void)state;
    const int far[] = {100, BT_MAX_NARROW_INDEX - N_ENTRIES + 1, BT_MAX_NARROW_INDEX, 400};
    for (int i = 0; i < 4; i++) {
        struct bt_buffer out = {0};
        struct bt_amendment m;
        write_amendment(&out, far[i]);
        bool wide = region_of(N_ENTRIES - 1, far[i]) > BT_MAX_NARROW_INDEX;
        assert_int_equal(wide ? BT_WIRE_VERSION_WIDE : BT_WIRE_VERSION, out.data[PLACE_OF_VERSION]);
        check_ok(bt_amendment_parse(&m, bt_buffer_view(&out)));
        assert_int_equal(wide, m.wide);
        check_ok(bt_amendment_verify(&m));
        check_finds(&m, far[i]);
        bt_buffer_clear(&out);
    }
}

/* The other form of the same bytes is refused, or is not as it was signed. */
static void an_amendment_has_one_form(void **state)
{
    (void)state;
    const uint8_t digest[BT_DIGEST_SIZE] = {1};
    struct bt_buffer out = {0}, erased = {0};
    struct bt_amendment m = {.kind = BT_AMENDMENT_ERASED}, got;
    bt_amendment_put_erased(&erased, 0, 300, digest);
    m.erased = bt_buffer_view(&erased);
    check_ok(bt_amendment_write(&out, &m, &key));
    assert_int_equal(BT_WIRE_VERSION_WIDE, out.data[PLACE_OF_VERSION]);
    uint8_t *entry = out.data + out.size - BAUTA_SIGNATURE_SIZE - BT_ERASED_WIDE_SIZE;
    entry[4] = 0; /* region 300 becomes one that needs no second byte */
    check_status(BAUTA_ERR_FORMAT, bt_amendment_parse(&got, bt_buffer_view(&out)));
    bt_buffer_clear(&out);
    write_amendment(&out, 100);
    out.data[PLACE_OF_VERSION] = BT_WIRE_VERSION_WIDE;
    enum bauta_status status = bt_amendment_parse(&got, bt_buffer_view(&out));
    assert_true(status || bt_amendment_verify(&got));
    bt_buffer_clear(&out);
    bt_buffer_clear(&erased);
}

static int set_up(void **state)
{
    (void)state;
    check_ok(bt_signing_key_complete(&key));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_erased_is_found_in_either_form_and_verifies),
        cmocka_unit_test(an_amendment_has_one_form),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "base/rect.h"
#include "recovery/capsule.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"
#include "recovery/stream_message.h"

enum { N_SEEDS = 200 };

/* Numbers that look random and are the same for a seed everywhere (splitmix64, Steele et al. 2014).
 */
struct draw {
    uint64_t state;
};

static uint64_t draw(struct draw *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static int draw_below(struct draw *d, int below)
{
    return (int)(draw(d) % (uint64_t)below);
}

/* A number of up to 32 bits, small ones as often as large ones: they differ in the size of their
 * vlq. */
static uint32_t draw_u32(struct draw *d)
{
    int shift = draw_below(d, 32);
    return (uint32_t)(draw(d) >> 32) >> shift;
}

static void draw_bytes(struct draw *d, uint8_t *to, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)draw(d);
}

static void draw_stream_message(struct draw *d, struct bt_stream_message *m)
{
    memset(m, 0, sizeof(*m));
    draw_bytes(d, m->stream_id, sizeof(m->stream_id));
    m->epoch = draw_u32(d);
    m->utc_ms = draw(d);
    m->object_codec = draw_below(d, 256);
    m->n_envelopes = draw_below(d, BAUTA_MAX_RECIPIENTS + 1);
    for (int i = 0; i < m->n_envelopes; i++) {
        draw_bytes(d, m->envelopes[i].key_id, sizeof(m->envelopes[i].key_id));
        draw_bytes(d, m->envelopes[i].enc, sizeof(m->envelopes[i].enc));
        draw_bytes(d, m->envelopes[i].sealed, sizeof(m->envelopes[i].sealed));
    }
}

/* An even edge and its even length, inside the largest picture. */
static void draw_side(struct draw *d, int *start, int *length)
{
    int most = 2 << draw_below(d, 14); /* 2 to 16384 */
    *length = 2 + 2 * draw_below(d, most / 2);
    *start = 2 * draw_below(d, (BT_MAX_SIDE - *length) / 2 + 1);
}

static struct bauta_region draw_region(struct draw *d, uint32_t target)
{
    struct bauta_region r = {target,
                             (enum bauta_class)(1 + draw_below(d, 3)),
                             {0, 0, 0, 0},
                             8 * draw_below(d, 64),
                             BAUTA_SOURCE_GIVEN};
    draw_side(d, &r.rect.x, &r.rect.w);
    draw_side(d, &r.rect.y, &r.rect.h);
    return r;
}

static void draw_head(struct draw *d, struct bt_picture_head *head, int n_regions)
{
    memset(head, 0, sizeof(*head));
    draw_bytes(d, head->stream_tag, sizeof(head->stream_tag));
    draw_bytes(d, head->slices_hash, sizeof(head->slices_hash));
    head->epoch = draw_u32(d);
    head->picture = draw_u32(d);
    head->plan.n_regions = n_regions;
    uint32_t first = draw_u32(d);
    for (int i = 0; i < n_regions; i++)
        head->plan.regions[i] =
            draw_region(d, first + (uint32_t)i * 77777777u); /* no two the same */
}

/* A message with this head and capsules of drawn bytes, some of them missing. */
static struct bt_buffer draw_picture_message(struct draw *d, const struct bt_picture_head *head)
{
    struct bt_buffer out = {0};
    bt_picture_message_write_head(&out, head);
    for (int i = 0; i < head->plan.n_regions; i++) {
        struct bt_capsule capsule = {{0}};
        size_t size = (size_t)BT_TAG_SIZE + (size_t)draw_below(d, 200);
        uint8_t *to = bt_buffer_extend(&capsule.bytes, size);
        assert_non_null(to);
        draw_bytes(d, to, size);
        bt_picture_message_write_capsule(&out, draw_below(d, 4) ? &capsule : NULL);
        bt_capsule_clear(&capsule);
    }
    check_ok(bt_buffer_status(&out));
    return out;
}

/* Field by field: there may be unused bytes between them. */
static bool same_stream_message(const struct bt_stream_message *a,
                                const struct bt_stream_message *b)
{
    return memcmp(a->stream_id, b->stream_id, sizeof(a->stream_id)) == 0 && a->epoch == b->epoch &&
           a->utc_ms == b->utc_ms && a->object_codec == b->object_codec &&
           a->n_envelopes == b->n_envelopes &&
           memcmp(a->envelopes, b->envelopes, sizeof(a->envelopes)) == 0;
}

static void a_stream_message_comes_back(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        static struct bt_stream_message want, got;
        struct draw d = {seed};
        struct bt_buffer out = {0};
        draw_stream_message(&d, &want);
        bt_stream_message_write(&out, &want);
        enum bauta_status status = bt_stream_message_parse(&got, bt_buffer_view(&out));
        if (status || !same_stream_message(&want, &got))
            fail_msg("seed %u: %s", seed, bauta_status_text(status));
        bt_buffer_clear(&out);
    }
}

static void a_picture_message_comes_back(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        static struct bt_picture_head want;
        static struct bt_picture_message got;
        struct draw d = {seed};
        const int limits[] = {BT_MAX_REGIONS, BT_MAX_NARROW_REGIONS, BT_MAX_NARROW_REGIONS + 1};
        draw_head(&d, &want, seed < 3 ? limits[seed] : draw_below(&d, BT_MAX_REGIONS + 1));
        struct bt_buffer out = draw_picture_message(&d, &want);
        bool wide = want.plan.n_regions > BT_MAX_NARROW_REGIONS;
        assert_int_equal(wide ? BT_WIRE_VERSION_WIDE : BT_WIRE_VERSION, out.data[1]);
        enum bauta_status status = bt_picture_message_parse(&got, bt_buffer_view(&out));
        if (status || memcmp(&want, &got.head, sizeof(want)) != 0)
            fail_msg("seed %u: %s", seed, bauta_status_text(status));
        bt_buffer_clear(&out);
    }
}

/* What is taken is written the same again: no two messages mean the same, so no byte is without
 * one. */
static bool is_canonical_stream_message(struct bauta_bytes bytes)
{
    static struct bt_stream_message m;
    struct bt_buffer out = {0};
    bool good = true;
    if (!bt_stream_message_parse(&m, bytes)) {
        bt_stream_message_write(&out, &m);
        good = out.size == bytes.size && memcmp(out.data, bytes.data, bytes.size) == 0;
    }
    bt_buffer_clear(&out);
    return good;
}

static bool is_canonical_picture_message(struct bauta_bytes bytes)
{
    static struct bt_picture_message m;
    struct bt_buffer out = {0};
    bool good = true;
    if (!bt_picture_message_parse(&m, bytes)) {
        bt_picture_message_write_head(&out, &m.head);
        good = out.size == m.head_bytes.size && memcmp(out.data, bytes.data, out.size) == 0;
        size_t size = out.size;
        for (int i = 0; i < m.head.plan.n_regions; i++) {
            struct bt_buffer vlq = {0};
            bt_buffer_put_vlq(&vlq, (uint32_t)m.capsules[i].size);
            size += vlq.size + m.capsules[i].size;
            bt_buffer_clear(&vlq);
        }
        good = good && size == bytes.size;
    }
    bt_buffer_clear(&out);
    return good;
}

/* Tries `bytes` cut at every place, longer by one byte, and with every bit changed. */
static void check_neighbours(unsigned seed, struct bt_buffer *bytes,
                             enum bauta_status (*parse)(struct bauta_bytes bytes),
                             bool (*is_canonical)(struct bauta_bytes bytes))
{
    for (size_t size = 0; size < bytes->size; size++)
        if (parse((struct bauta_bytes){bytes->data, size}) != BAUTA_ERR_FORMAT)
            fail_msg("seed %u: taken when cut to %zu of %zu bytes", seed, size, bytes->size);
    for (size_t bit = 0; bit < 8 * bytes->size; bit++) {
        bytes->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (!is_canonical(bt_buffer_view(bytes)))
            fail_msg("seed %u: bit %zu: taken, but written differently", seed, bit);
        bytes->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    bt_buffer_put_u8(bytes, 0);
    check_status(BAUTA_ERR_FORMAT, parse(bt_buffer_view(bytes)));
}

static enum bauta_status parse_stream(struct bauta_bytes bytes)
{
    static struct bt_stream_message m;
    return bt_stream_message_parse(&m, bytes);
}

static enum bauta_status parse_picture(struct bauta_bytes bytes)
{
    static struct bt_picture_message m;
    return bt_picture_message_parse(&m, bytes);
}

static void a_message_is_whole_and_has_one_coding(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 20; seed++) {
        static struct bt_stream_message stream;
        static struct bt_picture_head head;
        struct draw d = {seed};
        struct bt_buffer out = {0};
        draw_stream_message(&d, &stream);
        stream.n_envelopes = (int)seed % 3;
        bt_stream_message_write(&out, &stream);
        check_neighbours(seed, &out, parse_stream, is_canonical_stream_message);
        bt_buffer_clear(&out);
        draw_head(&d, &head, draw_below(&d, 5));
        out = draw_picture_message(&d, &head);
        check_neighbours(seed, &out, parse_picture, is_canonical_picture_message);
        bt_buffer_clear(&out);
    }
}

static void other_versions_are_unsupported_and_other_types_are_no_such_message(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        uint8_t later[] = {BT_MESSAGE_STREAM, (uint8_t)value}, other[] = {(uint8_t)value, 9};
        if (value != BT_WIRE_VERSION)
            check_status(BAUTA_ERR_UNSUPPORTED, parse_stream((struct bauta_bytes){later, 2}));
        later[0] = BT_MESSAGE_PICTURE;
        if (value != BT_WIRE_VERSION && value != BT_WIRE_VERSION_WIDE)
            check_status(BAUTA_ERR_UNSUPPORTED, parse_picture((struct bauta_bytes){later, 2}));
        check_status(value == BT_MESSAGE_STREAM ? BAUTA_ERR_UNSUPPORTED : BAUTA_ERR_FORMAT,
                     parse_stream((struct bauta_bytes){other, 2}));
        check_status(value == BT_MESSAGE_PICTURE ? BAUTA_ERR_UNSUPPORTED : BAUTA_ERR_FORMAT,
                     parse_picture((struct bauta_bytes){other, 2}));
    }
}

static void more_envelopes_than_the_limit_are_refused_and_leave_nothing(void **state)
{
    (void)state;
    static struct bt_stream_message m;
    static const struct bt_stream_message nothing;
    struct draw d = {1};
    struct bt_buffer out = {0};
    draw_stream_message(&d, &m);
    m.n_envelopes = BAUTA_MAX_RECIPIENTS;
    bt_stream_message_write(&out, &m);
    out.data[32] = BAUTA_MAX_RECIPIENTS + 1;
    check_status(BAUTA_ERR_LIMIT, bt_stream_message_parse(&m, bt_buffer_view(&out)));
    assert_true(same_stream_message(&nothing, &m));
    bt_buffer_clear(&out);
}

/* The status for a picture message with the one region. */
static enum bauta_status try_region(struct bauta_region region)
{
    static struct bt_picture_head head;
    struct bt_buffer out = {0};
    head.plan.n_regions = 1;
    head.plan.regions[0] = region;
    bt_picture_message_write_head(&out, &head);
    bt_picture_message_write_capsule(&out, NULL);
    enum bauta_status status = parse_picture(bt_buffer_view(&out));
    bt_buffer_clear(&out);
    return status;
}

static void a_region_is_not_empty_and_lies_in_the_largest_picture(void **state)
{
    (void)state;
    const struct bauta_rect bad[] = {{0, 0, 0, 2},     {0, 0, 2, 0},         {16384, 0, 2, 2},
                                     {0, 16384, 2, 2}, {16382, 0, 4, 2},     {0, 2, 2, 16384},
                                     {0, 0, 16386, 2}, {0, 0, 2, 0x7ffffffe}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check_status(BAUTA_ERR_FORMAT,
                     try_region((struct bauta_region){1, BAUTA_CLASS_FACE, bad[i], 8, 0}));
    struct bauta_rect good = {16382, 0, 2, 16384};
    check_ok(try_region((struct bauta_region){1, BAUTA_CLASS_FACE, good, 8, 0}));
    check_status(BAUTA_ERR_FORMAT, try_region((struct bauta_region){1, 0, good, 8, 0}));
}

static void a_capsule_opens_only_if_not_one_bit_of_it_or_of_its_head_changed(void **state)
{
    (void)state;
    static struct bt_picture_head head;
    struct draw d = {3};
    uint8_t epoch_key[32], id[BAUTA_STREAM_ID_SIZE];
    struct bt_buffer head_bytes = {0};
    struct bt_record record = {{0}}, opened = {{0}};
    struct bt_capsule capsule = {{0}};
    draw_bytes(&d, epoch_key, sizeof(epoch_key));
    draw_bytes(&d, id, sizeof(id));
    draw_head(&d, &head, 3);
    bt_picture_message_write_head(&head_bytes, &head);
    draw_bytes(&d, bt_buffer_extend(&record.bytes, 60), 60);
    struct bt_seal_context context = {epoch_key, id, head.picture, bt_buffer_view(&head_bytes)};
    check_ok(bt_capsule_seal(&capsule, &record, &context, BAUTA_CLASS_HEAD, 9));
    struct {
        uint8_t *bytes;
        size_t size;
    } parts[] = {{capsule.bytes.data, capsule.bytes.size},
                 {head_bytes.data, head_bytes.size},
                 {id, sizeof(id)},
                 {epoch_key, sizeof(epoch_key)}};
    for (size_t part = 0; part < 4; part++)
        for (size_t bit = 0; bit < 8 * parts[part].size; bit++) {
            parts[part].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            check_status(BAUTA_ERR_TAMPERED,
                         bt_capsule_open(&opened, bt_buffer_view(&capsule.bytes), &context,
                                         BAUTA_CLASS_HEAD, 9));
            assert_true(opened.bytes.size == 0 && opened.bytes.data == NULL);
            parts[part].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    for (size_t size = 0; size < capsule.bytes.size; size++)
        check_status(BAUTA_ERR_TAMPERED,
                     bt_capsule_open(&opened, (struct bauta_bytes){capsule.bytes.data, size},
                                     &context, BAUTA_CLASS_HEAD, 9));
    check_ok(
        bt_capsule_open(&opened, bt_buffer_view(&capsule.bytes), &context, BAUTA_CLASS_HEAD, 9));
    assert_memory_equal(record.bytes.data, opened.bytes.data, 60);
    bt_buffer_clear(&head_bytes);
    bt_capsule_clear(&capsule);
    bt_record_clear(&record);
    bt_record_clear(&opened);
}

static void a_record_comes_back_and_its_key_window_holds_the_region(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct draw d = {seed};
        const uint8_t unit[] = {0, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 1, 0x41, 3};
        struct bauta_rect region = draw_region(&d, 1).rect, window = draw_region(&d, 1).rect;
        struct bt_record_head want = {seed % 2 == 0, seed % 2 ? draw_u32(&d) : 0, window}, got;
        bool sound = window.x <= region.x && window.y <= region.y &&
                     (!want.key || bt_rect_contains(window, region));
        struct bt_record record = {{0}};
        struct bt_buffer out = {0};
        bt_record_write(&record, &want, region, (struct bauta_bytes){unit, sizeof(unit)});
        enum bauta_status status = bt_record_parse(&got, &out, &record, region);
        if (status != (sound ? BAUTA_OK : BAUTA_ERR_FORMAT))
            fail_msg("seed %u: %s", seed, bauta_status_text(status));
        if (sound) {
            assert_true(got.window.x == window.x && got.window.y == window.y);
            assert_int_equal(want.sequence, got.sequence);
            assert_int_equal(sizeof(unit), out.size);
            assert_memory_equal(unit, out.data, sizeof(unit));
        }
        bt_record_clear(&record);
        bt_buffer_clear(&out);
    }
}

static void a_record_with_unknown_flags_or_a_late_key_is_refused(void **state)
{
    (void)state;
    struct bauta_rect region = {8, 8, 16, 16};
    for (unsigned flags = 0; flags < 256; flags++)
        for (unsigned sequence = 0; sequence < 2; sequence++) {
            uint8_t bytes[] = {(uint8_t)flags, (uint8_t)sequence, 0, 0, 8, 8, 1, 0x65};
            struct bt_record record = {{0}};
            struct bt_record_head head;
            struct bt_buffer unit = {0};
            bt_buffer_append(&record.bytes, (struct bauta_bytes){bytes, sizeof(bytes)});
            enum bauta_status status = bt_record_parse(&head, &unit, &record, region);
            assert_int_equal(flags == 1 && sequence == 0, status == BAUTA_OK);
            bt_record_clear(&record);
            bt_buffer_clear(&unit);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_message_comes_back),
        cmocka_unit_test(a_picture_message_comes_back),
        cmocka_unit_test(a_message_is_whole_and_has_one_coding),
        cmocka_unit_test(other_versions_are_unsupported_and_other_types_are_no_such_message),
        cmocka_unit_test(more_envelopes_than_the_limit_are_refused_and_leave_nothing),
        cmocka_unit_test(a_region_is_not_empty_and_lies_in_the_largest_picture),
        cmocka_unit_test(a_capsule_opens_only_if_not_one_bit_of_it_or_of_its_head_changed),
        cmocka_unit_test(a_record_comes_back_and_its_key_window_holds_the_region),
        cmocka_unit_test(a_record_with_unknown_flags_or_a_late_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/key_tree.h"
#include "recovery/capsule.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"
#include "recovery/stream_message.h"

/* tests/vectors/messages.json was made from docs/format.md, without this code. */
struct vectors {
    json_t *root;
    struct hex stream_message, picture_head, picture_message, stream_id, stream_key;
    uint32_t epoch, picture;
    uint8_t epoch_key[32];
};

static struct hex field(const json_t *object, const char *name)
{
    return hex(json_string_value(json_object_get(object, name)));
}

static struct hex item(const json_t *object, const char *name, size_t index)
{
    return hex(json_string_value(json_array_get(json_object_get(object, name), index)));
}

static int set_up(void **state)
{
    static struct vectors v;
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/vectors/messages.json", getenv("BAUTA_SOURCE_ROOT"));
    v.root = json_load_file(path, 0, NULL);
    assert_non_null(v.root);
    v.stream_message = field(v.root, "stream_message");
    v.picture_head = field(v.root, "picture_head");
    v.picture_message = field(v.root, "picture_message");
    v.stream_id = field(v.root, "stream_id");
    v.stream_key = field(v.root, "stream_key");
    v.epoch = (uint32_t)json_integer_value(json_object_get(v.root, "epoch"));
    v.picture = (uint32_t)json_integer_value(json_object_get(v.root, "picture"));
    check_ok(bt_key_tree_epoch(v.epoch_key, v.stream_key.bytes, 0, v.epoch));
    *state = &v;
    return 0;
}

static int tear_down(void **state)
{
    json_decref(((struct vectors *)*state)->root);
    return 0;
}

static struct bt_seal_context context_of(const struct vectors *v)
{
    return (struct bt_seal_context){v->epoch_key, v->stream_id.bytes, v->picture,
                                    hex_view(&v->picture_head)};
}

static void check_written(const struct hex *expected, struct bt_buffer *written)
{
    check_ok(bt_buffer_status(written));
    assert_int_equal(expected->size, written->size);
    assert_memory_equal(expected->bytes, written->data, expected->size);
    bt_buffer_clear(written);
}

static void the_stream_message_is_read_and_written_byte_for_byte(void **state)
{
    const struct vectors *v = *state;
    struct bt_stream_message m;
    struct bt_buffer out = {0};
    check_ok(bt_stream_message_parse(&m, hex_view(&v->stream_message)));
    assert_int_equal(5, m.epoch);
    assert_true(m.utc_ms == 1700000000123ULL);
    assert_int_equal(1, m.object_codec);
    assert_int_equal(1, m.n_envelopes);
    bt_stream_message_write(&out, &m);
    check_written(&v->stream_message, &out);
}

static void the_picture_message_is_read_and_written_byte_for_byte(void **state)
{
    const struct vectors *v = *state;
    static struct bt_picture_message m;
    struct bt_buffer out = {0};
    check_ok(bt_picture_message_parse(&m, hex_view(&v->picture_message)));
    assert_int_equal(300, m.head.picture);
    assert_int_equal(3, m.head.plan.n_regions);
    const struct bauta_region *r = &m.head.plan.regions[1];
    assert_true(r->target == 7 && r->class_ == BAUTA_CLASS_BODY && r->block == 16);
    assert_true(r->rect.x == 80 && r->rect.y == 32 && r->rect.w == 64 && r->rect.h == 160);
    assert_int_equal(0, m.capsules[2].size);
    bt_picture_message_write_head(&out, &m.head);
    assert_int_equal(m.head_bytes.size, out.size);
    for (int i = 0; i < 3; i++) {
        struct bt_capsule capsule = {{0}};
        bt_buffer_append(&capsule.bytes, m.capsules[i]);
        bt_picture_message_write_capsule(&out, m.capsules[i].size ? &capsule : NULL);
        bt_capsule_clear(&capsule);
    }
    check_written(&v->picture_message, &out);
}

static void blocks_larger_than_the_wire_can_say_are_written_as_the_largest(void **state)
{
    (void)state;
    static struct bt_picture_message read;
    struct bt_picture_head head = {.plan = {.n_regions = 1}};
    struct bt_buffer out = {0};
    head.plan.regions[0] =
        (struct bauta_region){1, BAUTA_CLASS_BODY, {0, 0, 4096, 4096}, 1024, BAUTA_SOURCE_DETECTED};
    bt_picture_message_write_head(&out, &head);
    bt_picture_message_write_capsule(&out, NULL);
    check_ok(bt_picture_message_parse(&read, bt_buffer_view(&out)));
    assert_int_equal(504, read.head.plan.regions[0].block);
    assert_int_equal(BAUTA_CLASS_BODY, read.head.plan.regions[0].class_);
    bt_buffer_clear(&out);
}

static void capsules_and_records_are_sealed_and_opened_byte_for_byte(void **state)
{
    const struct vectors *v = *state;
    static struct bt_picture_message m;
    check_ok(bt_picture_message_parse(&m, hex_view(&v->picture_message)));
    struct bt_seal_context context = context_of(v);
    for (size_t i = 0; i < 2; i++) {
        const struct bauta_region *region = &m.head.plan.regions[i];
        struct hex want_record = item(v->root, "records", i), want = item(v->root, "capsules", i);
        struct bt_record record = {{0}}, again = {{0}};
        struct bt_capsule capsule = {{0}};
        struct bt_buffer unit = {0};
        struct bt_record_head head;
        check_ok(bt_capsule_open(&record, m.capsules[i], &context, region->class_, region->target));
        assert_int_equal(want_record.size, record.bytes.size);
        assert_memory_equal(want_record.bytes, record.bytes.data, want_record.size);
        check_ok(bt_capsule_seal(&capsule, &record, &context, region->class_, region->target));
        assert_memory_equal(want.bytes, capsule.bytes.data, want.size);
        check_ok(bt_record_parse(&head, &unit, &record, region->rect));
        assert_int_equal(i == 0, head.key);
        assert_int_equal(i == 0 ? 0 : 131, head.sequence);
        bt_record_write(&again, &head, region->rect, bt_buffer_view(&unit));
        check_written(&want_record, &again.bytes);
        bt_record_clear(&record);
        bt_capsule_clear(&capsule);
        bt_buffer_clear(&unit);
    }
}

static void a_capsule_opens_in_its_own_place_only(void **state)
{
    const struct vectors *v = *state;
    struct hex sealed = item(v->root, "capsules", 0);
    struct bt_record record = {{0}};
    struct bt_seal_context good = context_of(v), c;
    uint8_t other[64] = {0};
    c = good, c.epoch_key = other;
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &c, 1, 7));
    c = good, c.stream_id = other;
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &c, 1, 7));
    c = good, c.picture++;
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &c, 1, 7));
    c = good, c.head_bytes.size--;
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &c, 1, 7));
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &good, 2, 7));
    check_status(BAUTA_ERR_TAMPERED, bt_capsule_open(&record, hex_view(&sealed), &good, 1, 8));
    check_status(BAUTA_ERR_TAMPERED,
                 bt_capsule_open(&record, (struct bauta_bytes){other, 15}, &good, 1, 7));
    assert_int_equal(0, record.bytes.size);
    check_ok(bt_capsule_open(&record, hex_view(&sealed), &good, 1, 7));
    bt_record_clear(&record);
}

static void no_truncated_message_is_taken(void **state)
{
    const struct vectors *v = *state;
    static struct bt_picture_message picture;
    struct bt_stream_message stream;
    for (size_t size = 0; size < v->stream_message.size; size++)
        check_status(
            BAUTA_ERR_FORMAT,
            bt_stream_message_parse(&stream, (struct bauta_bytes){v->stream_message.bytes, size}));
    for (size_t size = 0; size < v->picture_message.size; size++)
        check_status(BAUTA_ERR_FORMAT,
                     bt_picture_message_parse(
                         &picture, (struct bauta_bytes){v->picture_message.bytes, size}));
    struct hex record = item(v->root, "records", 0);
    for (size_t size = 0; size < record.size; size++) {
        struct bt_record cut = {{0}};
        struct bt_record_head head;
        struct bt_buffer unit = {0};
        bt_buffer_append(&cut.bytes, (struct bauta_bytes){record.bytes, size});
        enum bauta_status status =
            bt_record_parse(&head, &unit, &cut, (struct bauta_rect){100, 40, 24, 32});
        assert_true(status == BAUTA_ERR_FORMAT || unit.size == 8); /* between two whole units */
        bt_record_clear(&cut);
        bt_buffer_clear(&unit);
    }
}

static void later_versions_are_left_to_later_readers(void **state)
{
    const struct vectors *v = *state;
    static struct bt_picture_message picture;
    struct bt_stream_message stream;
    struct hex s = v->stream_message, p = v->picture_message;
    s.bytes[1] = p.bytes[1] = 2;
    check_status(BAUTA_ERR_UNSUPPORTED, bt_stream_message_parse(&stream, hex_view(&s)));
    check_status(BAUTA_ERR_UNSUPPORTED, bt_picture_message_parse(&picture, hex_view(&p)));
}

static void a_target_named_twice_and_too_many_regions_are_refused(void **state)
{
    (void)state;
    static struct bt_picture_head head;
    static struct bt_picture_message m;
    struct bt_buffer out = {0};
    head.plan.n_regions = 2;
    head.plan.regions[0] = head.plan.regions[1] =
        (struct bauta_region){4, BAUTA_CLASS_HEAD, {0, 0, 16, 16}, 8, 0};
    bt_picture_message_write_head(&out, &head);
    bt_picture_message_write_capsule(&out, NULL);
    bt_picture_message_write_capsule(&out, NULL);
    check_status(BAUTA_ERR_FORMAT, bt_picture_message_parse(&m, bt_buffer_view(&out)));
    bt_buffer_reset(&out);
    head.plan.n_regions = 0;
    bt_picture_message_write_head(&out, &head);
    check_ok(bt_picture_message_parse(&m, bt_buffer_view(&out)));
    out.data[out.size - 1] = 0x81; /* n = 129 and more, in two bytes */
    bt_buffer_put_u8(&out, 1);
    check_status(BAUTA_ERR_LIMIT, bt_picture_message_parse(&m, bt_buffer_view(&out)));
    bt_buffer_clear(&out);
}

static void a_key_record_whose_window_does_not_hold_its_region_is_refused(void **state)
{
    (void)state;
    const uint8_t nal[] = {0, 0, 0, 1, 0x65, 1};
    struct bauta_rect region = {32, 32, 32, 32};
    struct bt_record record = {{0}};
    struct bt_buffer unit = {0};
    struct bt_record_head head = {true, 0, {24, 24, 32, 48}}, parsed;
    bt_record_write(&record, &head, region, (struct bauta_bytes){nal, sizeof(nal)});
    check_status(BAUTA_ERR_FORMAT, bt_record_parse(&parsed, &unit, &record, region));
    bt_record_clear(&record);
    bt_buffer_clear(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stream_message_is_read_and_written_byte_for_byte),
        cmocka_unit_test(the_picture_message_is_read_and_written_byte_for_byte),
        cmocka_unit_test(blocks_larger_than_the_wire_can_say_are_written_as_the_largest),
        cmocka_unit_test(capsules_and_records_are_sealed_and_opened_byte_for_byte),
        cmocka_unit_test(a_capsule_opens_in_its_own_place_only),
        cmocka_unit_test(no_truncated_message_is_taken),
        cmocka_unit_test(later_versions_are_left_to_later_readers),
        cmocka_unit_test(a_target_named_twice_and_too_many_regions_are_refused),
        cmocka_unit_test(a_key_record_whose_window_does_not_hold_its_region_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/key_tree.h"
#include "recovery/capsule.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"
#include "recovery/run.h"
#include "recovery/stream_message.h"

/* The vectors that go to the limits; tests/vectors/make.py made them from docs/format.md, without
 * this code. */

static json_t *load(const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/vectors/%s", getenv("BAUTA_SOURCE_ROOT"), name);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    return root;
}

static int64_t number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    assert_non_null(value);
    return value;
}

static void take(uint8_t *to, size_t size, const json_t *object, const char *name)
{
    struct hex bytes = hex(text(object, name));
    assert_int_equal(size, bytes.size);
    memcpy(to, bytes.bytes, size);
}

static void check_written(const char *digits, struct bt_buffer *written)
{
    struct hex want = hex(digits);
    check_ok(bt_buffer_status(written));
    assert_int_equal(want.size, written->size);
    if (want.size)
        assert_memory_equal(want.bytes, written->data, want.size);
    bt_buffer_clear(written);
}

/* The elements of an array, which must not be empty. */
static size_t count(const json_t *array)
{
    assert_true(json_array_size(array) > 0);
    return json_array_size(array);
}

static void read_stream_message(struct bt_stream_message *m, const json_t *v)
{
    const json_t *envelopes = json_object_get(v, "envelopes");
    memset(m, 0, sizeof(*m));
    take(m->stream_id, sizeof(m->stream_id), v, "stream_id");
    m->epoch = (uint32_t)number(v, "epoch");
    m->utc_ms = strtoull(text(v, "utc_ms"), NULL, 10);
    m->object_codec = (int)number(v, "object_codec");
    m->n_envelopes = (int)json_array_size(envelopes);
    for (int i = 0; i < m->n_envelopes; i++) {
        const json_t *e = json_array_get(envelopes, (size_t)i);
        take(m->envelopes[i].key_id, sizeof(m->envelopes[i].key_id), e, "key_id");
        take(m->envelopes[i].enc, sizeof(m->envelopes[i].enc), e, "enc");
        take(m->envelopes[i].sealed, sizeof(m->envelopes[i].sealed), e, "sealed");
    }
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

static void stream_messages_have_the_vectors_bytes(void **state)
{
    (void)state;
    json_t *root = load("stream-message.json");
    const json_t *messages = json_object_get(root, "messages");
    for (size_t i = 0; i < count(messages); i++) {
        const json_t *v = json_array_get(messages, i);
        static struct bt_stream_message want, got;
        struct bt_buffer out = {0};
        struct hex bytes = hex(text(v, "message"));
        read_stream_message(&want, v);
        check_ok(bt_stream_message_parse(&got, hex_view(&bytes)));
        assert_true(same_stream_message(&want, &got));
        bt_stream_message_write(&out, &want);
        check_written(text(v, "message"), &out);
    }
    json_decref(root);
}

static void read_head(struct bt_picture_head *head, const json_t *v)
{
    const json_t *regions = json_object_get(v, "regions");
    memset(head, 0, sizeof(*head));
    take(head->stream_tag, sizeof(head->stream_tag), v, "stream_tag");
    take(head->slices_hash, sizeof(head->slices_hash), v, "slices_hash");
    head->epoch = (uint32_t)number(v, "epoch");
    head->picture = (uint32_t)number(v, "picture");
    head->plan.n_regions = (int)json_array_size(regions);
    for (int i = 0; i < head->plan.n_regions; i++) {
        const json_t *r = json_array_get(regions, (size_t)i);
        struct bauta_rect rect = {(int)number(r, "x"), (int)number(r, "y"), (int)number(r, "w"),
                                  (int)number(r, "h")};
        head->plan.regions[i] = (struct bauta_region){(uint32_t)number(r, "target"),
                                                      (enum bauta_class)number(r, "class"), rect,
                                                      (int)number(r, "block"), BAUTA_SOURCE_GIVEN};
    }
}

static void check_picture_messages(const char *file)
{
    json_t *root = load(file);
    const json_t *messages = json_object_get(root, "messages");
    for (size_t i = 0; i < count(messages); i++) {
        const json_t *v = json_array_get(messages, i), *capsules = json_object_get(v, "capsules");
        static struct bt_picture_head want;
        static struct bt_picture_message got;
        struct bt_buffer head = {0}, message = {0};
        struct hex bytes = hex(text(v, "message"));
        read_head(&want, v);
        check_ok(bt_picture_message_parse(&got, hex_view(&bytes)));
        assert_memory_equal(&want, &got.head, sizeof(want));
        bt_picture_message_write_head(&head, &want);
        bt_picture_message_write_head(&message, &want);
        assert_int_equal(want.plan.n_regions, json_array_size(capsules));
        for (int k = 0; k < want.plan.n_regions; k++) {
            struct hex c = hex(json_string_value(json_array_get(capsules, (size_t)k)));
            struct bt_capsule capsule = {{0}};
            assert_int_equal(c.size, got.capsules[k].size);
            bt_buffer_append(&capsule.bytes, hex_view(&c));
            bt_picture_message_write_capsule(&message, c.size ? &capsule : NULL);
            bt_capsule_clear(&capsule);
        }
        check_written(text(v, "head"), &head);
        check_written(text(v, "message"), &message);
    }
    json_decref(root);
}

static void picture_messages_have_the_vectors_bytes(void **state)
{
    (void)state;
    check_picture_messages("picture-message.json");
}

static void wide_messages_have_the_vectors_bytes_and_others_are_refused(void **state)
{
    (void)state;
    check_picture_messages("wide.json");
    json_t *root = load("wide.json");
    const json_t *refused = json_object_get(root, "refused");
    for (size_t i = 0; i < count(refused); i++) {
        static struct bt_picture_message got;
        struct hex bytes = hex(json_string_value(json_array_get(refused, i)));
        enum bauta_status status = bt_picture_message_parse(&got, hex_view(&bytes));
        assert_true(status == BAUTA_ERR_FORMAT || status == BAUTA_ERR_LIMIT);
    }
    json_decref(root);
}

static struct bauta_rect read_rect(const json_t *object, const char *name)
{
    const json_t *r = json_object_get(object, name);
    assert_int_equal(4, json_array_size(r));
    return (struct bauta_rect){(int)json_integer_value(json_array_get(r, 0)),
                               (int)json_integer_value(json_array_get(r, 1)),
                               (int)json_integer_value(json_array_get(r, 2)),
                               (int)json_integer_value(json_array_get(r, 3))};
}

static void records_have_the_vectors_bytes(void **state)
{
    (void)state;
    json_t *root = load("record.json");
    const json_t *records = json_object_get(root, "records");
    for (size_t i = 0; i < count(records); i++) {
        const json_t *v = json_array_get(records, i);
        struct hex bytes = hex(text(v, "record")), unit = hex(text(v, "unit"));
        struct bauta_rect region = read_rect(v, "region");
        struct bt_record_head want = {number(v, "key") == 1, (uint32_t)number(v, "sequence"),
                                      read_rect(v, "window")},
                              got;
        struct bt_record given = {{0}}, written = {{0}};
        struct bt_buffer got_unit = {0};
        bt_buffer_append(&given.bytes, hex_view(&bytes));
        check_ok(bt_record_parse(&got, &got_unit, &given, region));
        assert_int_equal(want.key, got.key);
        assert_int_equal(want.sequence, got.sequence);
        assert_memory_equal(&want.window, &got.window, sizeof(want.window));
        check_written(text(v, "unit"), &got_unit);
        bt_record_write(&written, &want, region, hex_view(&unit));
        check_written(text(v, "record"), &written.bytes);
        bt_record_clear(&given);
    }
    json_decref(root);
}

static void capsules_have_the_vectors_bytes(void **state)
{
    (void)state;
    json_t *root = load("capsule.json");
    const json_t *capsules = json_object_get(root, "capsules");
    struct hex stream_key = hex(text(root, "stream_key")), id = hex(text(root, "stream_id"));
    for (size_t i = 0; i < count(capsules); i++) {
        const json_t *v = json_array_get(capsules, i);
        struct hex head = hex(text(v, "head")), record = hex(text(v, "record"));
        struct hex capsule = hex(text(v, "capsule"));
        enum bauta_class class_ = (enum bauta_class)number(v, "class");
        uint32_t target = (uint32_t)number(v, "target");
        uint8_t epoch_key[32];
        struct bt_seal_context context = {epoch_key, id.bytes, (uint32_t)number(v, "picture"),
                                          hex_view(&head)};
        struct bt_record given = {{0}}, opened = {{0}};
        struct bt_capsule sealed = {{0}};
        check_ok(bt_key_tree_epoch(epoch_key, stream_key.bytes, 0, (uint32_t)number(v, "epoch")));
        bt_buffer_append(&given.bytes, hex_view(&record));
        check_ok(bt_capsule_seal(&sealed, &given, &context, class_, target));
        check_written(text(v, "capsule"), &sealed.bytes);
        check_ok(bt_capsule_open(&opened, hex_view(&capsule), &context, class_, target));
        check_written(text(v, "record"), &opened.bytes);
        bt_record_clear(&given);
    }
    json_decref(root);
}

static void streams_of_one_run_are_known_by_their_ids(void **state)
{
    (void)state;
    json_t *root = load("runs.json");
    const json_t *pairs = json_object_get(root, "pairs");
    for (size_t i = 0; i < count(pairs); i++) {
        const json_t *v = json_array_get(pairs, i);
        uint8_t one[BAUTA_STREAM_ID_SIZE], other[BAUTA_STREAM_ID_SIZE];
        take(one, sizeof(one), v, "stream_id");
        take(other, sizeof(other), v, "other_id");
        const bool same = json_is_true(json_object_get(v, "same_run"));
        assert_int_equal(same, bauta_run_is_same(one, other));
        assert_int_equal(same, bauta_run_is_same(other, one));
        if (!same)
            continue;
        const int64_t later = number(v, "later");
        assert_true(later == bt_run_distance(one, other) && -later == bt_run_distance(other, one));
        if (later == 1) {
            bt_run_next_stream(one);
            assert_memory_equal(other, one, sizeof(one));
        }
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_messages_have_the_vectors_bytes),
        cmocka_unit_test(streams_of_one_run_are_known_by_their_ids),
        cmocka_unit_test(picture_messages_have_the_vectors_bytes),
        cmocka_unit_test(wide_messages_have_the_vectors_bytes_and_others_are_refused),
        cmocka_unit_test(records_have_the_vectors_bytes),
        cmocka_unit_test(capsules_have_the_vectors_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

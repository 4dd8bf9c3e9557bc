/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bitstream/access_unit.h"

/* The JVT's and other conformance streams of $BAUTA_SHARED; they are not the project's to ship. */

static struct bt_buffer read_file(const char *path)
{
    struct bt_buffer bytes = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be read", path);
    uint8_t part[4096];
    for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
        bt_buffer_append(&bytes, (struct bauta_bytes){part, n});
    fclose(file);
    check_ok(bt_buffer_status(&bytes));
    return bytes;
}

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

typedef void check_function(const char *path, enum bauta_codec codec, struct bauta_bytes stream);

static void for_each_stream(check_function *check)
{
    const char *shared = getenv("BAUTA_SHARED");
    const char *folders[] = {"h264_jvt", "hevc", "generated"};
    int n_streams = 0;
    if (!shared)
        skip();
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/conformance/%s", shared, folders[i]);
        DIR *folder = opendir(path);
        for (const struct dirent *entry; folder && (entry = readdir(folder));) {
            bool is_h265 = ends_with(entry->d_name, ".265");
            if (!is_h265 && !ends_with(entry->d_name, ".264"))
                continue;
            snprintf(path, sizeof(path), "%s/conformance/%s/%s", shared, folders[i], entry->d_name);
            struct bt_buffer stream = read_file(path);
            check(path, is_h265 ? BAUTA_CODEC_H265 : BAUTA_CODEC_H264, bt_buffer_view(&stream));
            bt_buffer_clear(&stream);
            n_streams++;
        }
        if (folder)
            closedir(folder);
    }
    assert_true(n_streams > 0);
}

/* Between units there is nothing but 00 ... 00 00 01, after the last one nothing but zeros. */
static void check_gap(const char *path, const uint8_t *from, const uint8_t *to, bool last)
{
    if (!last && (to - from < 3 || to[-1] != 1))
        fail_msg("%s: a unit without a start code", path);
    for (const uint8_t *at = from; at < to - (last ? 0 : 1); at++)
        if (*at != 0)
            fail_msg("%s: a byte that belongs to no unit", path);
}

static void check_no_byte_lost(const char *path, enum bauta_codec codec, struct bauta_bytes stream)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    const uint8_t *at = stream.data;
    (void)codec;
    bt_nal_reader_init(&r, stream);
    while (bt_nal_next(&r, &nal)) {
        check_gap(path, at, nal.data, false);
        for (size_t i = 0; i + 2 < nal.size; i++)
            if (nal.data[i] == 0 && nal.data[i + 1] == 0 && nal.data[i + 2] == 1)
                fail_msg("%s: two units taken for one", path);
        at = nal.data + nal.size;
    }
    check_gap(path, at, stream.data + stream.size, true);
}

static void reading_the_units_of_a_real_stream_loses_no_byte(void **state)
{
    (void)state;
    for_each_stream(check_no_byte_lost);
}

static void check_escaping(const char *path, enum bauta_codec codec, struct bauta_bytes stream)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    size_t header = codec == BAUTA_CODEC_H264 ? 1 : 2;
    bt_nal_reader_init(&r, stream);
    while (bt_nal_next(&r, &nal)) {
        struct bt_buffer plain = {0}, again = {0};
        bt_nal_unescape(&plain, nal);
        bt_nal_write(&again, (struct bauta_bytes){plain.data, header},
                     (struct bauta_bytes){plain.data + header, plain.size - header});
        /* an encoder may end a unit with 00 00 03, which belongs to its cabac_zero_words */
        if (again.size - 4 > nal.size || memcmp(again.data + 4, nal.data, again.size - 4) != 0)
            fail_msg("%s: a unit is escaped differently", path);
        bt_buffer_clear(&plain);
        bt_buffer_clear(&again);
    }
}

static void what_real_encoders_escaped_is_escaped_the_same_again(void **state)
{
    (void)state;
    for_each_stream(check_escaping);
}

static void check_sei_stays(const char *path, enum bauta_codec codec, struct bauta_bytes stream)
{
    struct bt_buffer out = {0}, sei = {0};
    struct draw d = {1};
    struct bt_nal_reader before, after;
    struct bauta_bytes want, got, ours = {NULL, 0};
    int n_added = 0;
    stream_make(&sei, codec, "E", &d);
    bt_nal_reader_init(&after, bt_buffer_view(&sei));
    assert_true(bt_nal_next(&after, &ours));
    check_ok(bt_access_unit_insert(&out, codec, stream, bt_buffer_view(&sei)));
    bt_nal_reader_init(&before, stream);
    bt_nal_reader_init(&after, bt_buffer_view(&out));
    while (bt_nal_next(&after, &got)) {
        if (got.size == ours.size && memcmp(got.data, ours.data, got.size) == 0)
            n_added++;
        else if (!bt_nal_next(&before, &want) || want.size != got.size ||
                 memcmp(want.data, got.data, got.size) != 0)
            fail_msg("%s: a unit was lost or changed", path);
    }
    assert_int_equal(1, n_added);
    assert_false(bt_nal_next(&before, &want));
    bt_buffer_clear(&out);
    bt_buffer_clear(&sei);
}

static void all_units_of_a_real_stream_stay_when_sei_is_added(void **state)
{
    (void)state;
    for_each_stream(check_sei_stays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_the_units_of_a_real_stream_loses_no_byte),
        cmocka_unit_test(what_real_encoders_escaped_is_escaped_the_same_again),
        cmocka_unit_test(all_units_of_a_real_stream_stay_when_sei_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <string.h>

#include "bitstream/nal.h"

/* Nothing of the object streams stands in the clear in what leaves. */

/* What the wrapped encoder below gave out, all objects in one. */
static struct bt_buffer objects;
static struct bauta_object_codec real;

static enum bauta_status encode_and_note(void *encoder, struct bauta_bytes *unit,
                                         const struct bauta_picture *picture, bool key)
{
    enum bauta_status status = real.encode(encoder, unit, picture, key);
    if (!status)
        bt_buffer_append(&objects, *unit);
    return status;
}

static bool holds(struct bauta_bytes all, const uint8_t *piece, size_t size)
{
    for (const uint8_t *at = all.data, *end = all.data + all.size - size;
         at <= end && (at = memchr(at, piece[0], (size_t)(end - at) + 1)); at++)
        if (memcmp(at, piece, size) == 0)
            return true;
    return false;
}

enum { PIECE = 12, HEADER = 8 }; /* bytes of a string, and of what slices of any stream may share */

/* Looks for each string of PIECE bytes of the objects' slices in `stream`;
 * gives the number found. */
static int count_found(struct bauta_bytes stream, int *n_pieces)
{
    struct bt_nal_reader reader;
    struct bauta_bytes nal;
    int n_found = 0;
    *n_pieces = 0;
    bt_nal_reader_init(&reader, bt_buffer_view(&objects));
    while (bt_nal_next(&reader, &nal))
        if (bt_nal_kind(BAUTA_CODEC_H264, nal) == BT_NAL_SLICE)
            for (size_t at = HEADER; at + PIECE <= nal.size; at++, ++*n_pieces)
                n_found += holds(stream, nal.data + at, PIECE);
    return n_found;
}

static void no_string_of_an_object_stream_occurs_in_the_coded_stream(void **state)
{
    (void)state;
    static struct scene scene;
    struct bt_buffer stream = {0};
    int n_pieces;
    scene_make_keys(&scene);
    real = scene.codec;
    struct bauta_object_codec noting = real;
    noting.encode = encode_and_note;
    scene_record(&scene, scene_protector(&scene, &noting, NULL));
    for (int n = 0; n < SCENE_PICTURES; n++)
        bt_buffer_append(&stream, bt_buffer_view(&scene.units[n]));
    check_ok(bt_buffer_status(&stream));
    check_ok(bt_buffer_status(&objects));
    assert_int_equal(0, count_found(bt_buffer_view(&stream), &n_pieces));
    assert_true(n_pieces > 10000);

    /* the search finds what is there */
    bt_buffer_append(&stream, bt_buffer_view(&objects));
    assert_int_equal(n_pieces, count_found(bt_buffer_view(&stream), &n_pieces));
    bt_buffer_clear(&stream);
    bt_buffer_clear(&objects);
    scene_clear(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_string_of_an_object_stream_occurs_in_the_coded_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

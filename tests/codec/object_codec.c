/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include <bauta/object_codec.h>

#include "base/frame.h"
#include "bitstream/nal.h"

/* The laws that object_codec.h states, for the codec over libavcodec. */

enum { N_UNITS = 8 };

struct run {
    struct bauta_object_codec codec;
    int width, height;
    struct bt_frame pictures[N_UNITS];
    struct bt_buffer units[N_UNITS];
};

/* Texture that drifts, with a square that jumps: neither flat nor still. */
static void paint(const struct bauta_picture *p, int n)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int value = 60 + ((x + n) * 5 + y * 3) % 90;
            if ((x + 7 * n) % 23 < 6 && y % 17 < 8)
                value = 220;
            p->planes[0][y * p->strides[0] + x] = (uint8_t)value;
        }
    for (int i = 1; i < 3; i++)
        for (int y = 0; y < p->height / 2; y++)
            for (int x = 0; x < p->width / 2; x++)
                p->planes[i][y * p->strides[i] + x] = (uint8_t)(110 + (x + y + i * n) % 30);
}

static enum bauta_codec format_of(void **state)
{
    return *(const enum bauta_codec *)*state;
}

/* Encodes N_UNITS pictures; every `key_every`th is a key unit. */
static void encode_run(struct run *r, enum bauta_codec format, int width, int height, int qp,
                       int key_every)
{
    void *encoder;
    memset(r, 0, sizeof(*r));
    bauta_object_codec_init(&r->codec, format);
    r->codec.qp = qp;
    r->width = width;
    r->height = height;
    check_ok(r->codec.encoder_new(&encoder, &r->codec, width, height));
    for (int n = 0; n < N_UNITS; n++) {
        struct bauta_bytes unit;
        check_ok(bt_frame_init(&r->pictures[n], width, height));
        paint(&r->pictures[n].picture, n);
        check_ok(r->codec.encode(encoder, &unit, &r->pictures[n].picture, n % key_every == 0));
        bt_buffer_append(&r->units[n], unit);
        check_ok(bt_buffer_status(&r->units[n]));
    }
    r->codec.encoder_free(&encoder);
    assert_null(encoder);
}

static void clear_run(struct run *r)
{
    for (int n = 0; n < N_UNITS; n++) {
        bt_frame_clear(&r->pictures[n]);
        bt_buffer_clear(&r->units[n]);
    }
}

/* Mean squared error of all samples. */
static double error_between(const struct bauta_picture *a, const struct bauta_picture *b)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < a->height >> (i > 0); y++)
            for (int x = 0; x < a->width >> (i > 0); x++, count++) {
                int d = a->planes[i][y * a->strides[i] + x] - b->planes[i][y * b->strides[i] + x];
                sum += d * d;
            }
    return sum / count;
}

/* Decodes units first .. N_UNITS - 1 with a new decoder: each gives its own picture, at once. */
static void check_decodes(const struct run *r, int first, double most)
{
    void *decoder;
    check_ok(r->codec.decoder_new(&decoder, &r->codec, r->codec.id));
    for (int n = first; n < N_UNITS; n++) {
        struct bauta_picture picture;
        check_ok(r->codec.decode(decoder, &picture, bt_buffer_view(&r->units[n])));
        assert_int_equal(r->width, picture.width);
        assert_int_equal(r->height, picture.height);
        double error = error_between(&picture, &r->pictures[n].picture);
        if (error > most)
            fail_msg("%dx%d, unit %d: error %.1f", r->width, r->height, n, error);
    }
    r->codec.decoder_free(&decoder);
    assert_null(decoder);
}

static const struct {
    int width, height;
} sizes[] = {{16, 16},   {18, 34}, {16, 512}, {512, 16}, {48, 96},
             {322, 242}, {64, 64}, {64, 512}, {512, 64}};
enum { N_SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* The sizes that a writer may ask for. */
static bool fits(void **state, int i)
{
    struct bauta_object_codec codec;
    bauta_object_codec_init(&codec, format_of(state));
    return sizes[i].width >= codec.least_side && sizes[i].height >= codec.least_side;
}

/* What a capsule calls small and its unit makes large costs nothing to refuse. */
static void a_picture_larger_than_its_window_is_not_decoded(void **state)
{
    struct run r;
    encode_run(&r, format_of(state), 320, 256, 20, 1);
    for (int side = 64; side <= 320; side += 256) {
        void *decoder;
        struct bauta_picture picture;
        check_ok(r.codec.decoder_new(&decoder, &r.codec, r.codec.id));
        r.codec.decoder_limit(decoder, side, side == 64 ? 64 : 256);
        check_status(side == 64 ? BAUTA_ERR_CODEC : BAUTA_OK,
                     r.codec.decode(decoder, &picture, bt_buffer_view(&r.units[0])));
        r.codec.decoder_free(&decoder);
    }
    clear_run(&r);
}

static void limits_of_its_own_size_refuse_no_picture(void **state)
{
    for (int i = 0; i < N_SIZES; i++) {
        struct run r;
        void *decoder;
        struct bauta_picture picture;
        if (!fits(state, i))
            continue;
        encode_run(&r, format_of(state), sizes[i].width, sizes[i].height, 20, N_UNITS);
        check_ok(r.codec.decoder_new(&decoder, &r.codec, r.codec.id));
        r.codec.decoder_limit(decoder, r.width, r.height);
        check_ok(r.codec.decode(decoder, &picture, bt_buffer_view(&r.units[0])));
        r.codec.decoder_free(&decoder);
        clear_run(&r);
    }
}

static void every_picture_gives_its_unit_at_once(void **state)
{
    for (int i = 0; i < N_SIZES; i++) {
        struct run r;
        if (!fits(state, i))
            continue;
        encode_run(&r, format_of(state), sizes[i].width, sizes[i].height, 20, N_UNITS);
        check_decodes(&r, 0, 20.0);
        clear_run(&r);
    }
}

static void quantiser_zero_loses_nothing(void **state)
{
    for (int i = 0; i < N_SIZES; i++) {
        struct run r;
        if (!fits(state, i))
            continue;
        encode_run(&r, format_of(state), sizes[i].width, sizes[i].height, 0, 3);
        check_decodes(&r, 0, 0.0);
        clear_run(&r);
    }
}

static void a_key_unit_needs_none_before_it(void **state)
{
    struct run r;
    encode_run(&r, format_of(state), 80, 96, 20, 3);
    for (int first = 0; first < N_UNITS; first += 3)
        check_decodes(&r, first, 20.0);
    clear_run(&r);
}

static void any_other_unit_gives_nothing_by_itself(void **state)
{
    struct run r;
    encode_run(&r, format_of(state), 80, 96, 20, N_UNITS);
    for (int n = 1; n < N_UNITS; n++) {
        struct bauta_picture picture;
        void *decoder;
        check_ok(r.codec.decoder_new(&decoder, &r.codec, r.codec.id));
        check_status(BAUTA_ERR_CODEC,
                     r.codec.decode(decoder, &picture, bt_buffer_view(&r.units[n])));
        r.codec.decoder_free(&decoder);
    }
    clear_run(&r);
}

/* P: parameter sets, S: slices. */
static void units_hold_slices_and_parameter_sets_where_decoding_begins(void **state)
{
    struct run r;
    encode_run(&r, format_of(state), 80, 96, 20, 4);
    for (int n = 0; n < N_UNITS; n++) {
        struct bt_nal_reader reader;
        struct bauta_bytes nal;
        char got[16] = "";
        bt_nal_reader_init(&reader, bt_buffer_view(&r.units[n]));
        for (size_t i = 0; i + 1 < sizeof(got) && bt_nal_next(&reader, &nal); i++)
            got[i] = "?SPED"[bt_nal_kind(format_of(state), nal)];
        const char *key = format_of(state) == BAUTA_CODEC_H265 ? "PPPS" : "PPS"; /* and a VPS */
        assert_string_equal(n % 4 == 0 ? key : "S", got);
    }
    clear_run(&r);
}

/* A unit cut short, or with a byte changed: an error or a picture, never more than the memory holds
 * (the sanitizers look). Cut to half, a slice cannot fill the picture, and the decoder of H.264
 * says so; that of H.265 does not, so there the capsule's tag is what tells. */
static void a_damaged_unit_is_an_error_or_a_picture(void **state)
{
    struct run r;
    encode_run(&r, format_of(state), 80, 96, 20, N_UNITS);
    struct bauta_picture picture;
    void *decoder;
    for (size_t at = 0; at < r.units[0].size; at++) {
        struct bt_buffer hurt = {0};
        bt_buffer_append(&hurt, bt_buffer_view(&r.units[0]));
        hurt.data[at] ^= (uint8_t)(1 + at % 255);
        check_ok(r.codec.decoder_new(&decoder, &r.codec, r.codec.id));
        enum bauta_status status = r.codec.decode(decoder, &picture, bt_buffer_view(&hurt));
        assert_true(status == BAUTA_ERR_CODEC ||
                    (status == BAUTA_OK && picture.width > 0 && picture.height > 0));
        r.codec.decoder_free(&decoder);
        bt_buffer_clear(&hurt);
    }
    check_ok(r.codec.decoder_new(&decoder, &r.codec, r.codec.id));
    struct bauta_bytes half = bt_buffer_view(&r.units[0]);
    half.size /= 2;
    enum bauta_status status = r.codec.decode(decoder, &picture, half);
    if (format_of(state) == BAUTA_CODEC_H264)
        check_status(BAUTA_ERR_CODEC, status);
    /* and the next whole key unit is as good as ever */
    check_ok(r.codec.decode(decoder, &picture, bt_buffer_view(&r.units[0])));
    r.codec.decoder_free(&decoder);
    clear_run(&r);
}

static void an_impossible_encoder_is_refused(void **state)
{
    struct bauta_object_codec codec;
    void *encoder;
    bauta_object_codec_init(&codec, format_of(state));
    codec.preset = "warp";
    check_status(BAUTA_ERR_CODEC, codec.encoder_new(&encoder, &codec, 32, 32));
    assert_null(encoder);
}

static void a_decoder_for_another_codec_is_refused(void **state)
{
    struct bauta_object_codec codec;
    void *decoder;
    bauta_object_codec_init(&codec, format_of(state));
    check_status(BAUTA_ERR_UNSUPPORTED, codec.decoder_new(&decoder, &codec, 0));
    check_status(BAUTA_ERR_UNSUPPORTED, codec.decoder_new(&decoder, &codec, 3));
    assert_null(decoder);
}

static enum bauta_codec formats[] = {BAUTA_CODEC_H264, BAUTA_CODEC_H265};

#define FOR_BOTH(law)                                                                              \
    {"h264: " #law, law, NULL, NULL, &formats[0]},                                                 \
    {                                                                                              \
        "h265: " #law, law, NULL, NULL, &formats[1]                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOR_BOTH(a_picture_larger_than_its_window_is_not_decoded),
        FOR_BOTH(limits_of_its_own_size_refuse_no_picture),
        FOR_BOTH(every_picture_gives_its_unit_at_once),
        FOR_BOTH(quantiser_zero_loses_nothing),
        FOR_BOTH(a_key_unit_needs_none_before_it),
        FOR_BOTH(any_other_unit_gives_nothing_by_itself),
        FOR_BOTH(units_hold_slices_and_parameter_sets_where_decoding_begins),
        FOR_BOTH(a_damaged_unit_is_an_error_or_a_picture),
        FOR_BOTH(an_impossible_encoder_is_refused),
        FOR_BOTH(a_decoder_for_another_codec_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

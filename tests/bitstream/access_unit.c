/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <stdio.h>
#include <string.h>

#include "bitstream/access_unit.h"
#include "bitstream/sei.h"

enum { N_SEEDS = 50 };

static struct bt_buffer make(enum bauta_codec codec, const char *letters, unsigned seed)
{
    struct bt_buffer stream = {0};
    struct draw d = {seed};
    stream_make(&stream, codec, letters, &d);
    return stream;
}

/* Inserts an SEI unit into the stream that `before` says and compares with what `after` says. */
static void check_insert(enum bauta_codec codec, const char *before, const char *after)
{
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct bt_buffer au = make(codec, before, seed), sei = make(codec, "E", seed + 1);
        struct bt_buffer out = {0};
        enum bauta_status status =
            bt_access_unit_insert(&out, codec, bt_buffer_view(&au), bt_buffer_view(&sei));
        if (status)
            fail_msg("seed %u: '%s': %s", seed, before, bauta_status_text(status));
        stream_check(after, codec, bt_buffer_view(&out));
        bt_buffer_clear(&au);
        bt_buffer_clear(&sei);
        bt_buffer_clear(&out);
    }
}

static void sei_goes_directly_before_the_first_slice_of_h264(void **state)
{
    (void)state;
    check_insert(BAUTA_CODEC_H264, "I", "EI");
    check_insert(BAUTA_CODEC_H264, "N", "EN");
    check_insert(BAUTA_CODEC_H264, "DSPI", "DSPEI");
    check_insert(BAUTA_CODEC_H264, "SPIIII", "SPEIIII");
    check_insert(BAUTA_CODEC_H264, "DNN", "DENN");
    check_insert(BAUTA_CODEC_H264, "DSPeI", "DSPeEI");
    check_insert(BAUTA_CODEC_H264, "SPPPeeI", "SPPPeeEI");
    check_insert(BAUTA_CODEC_H264, "DSPxIxI", "DSPExIxI");
    check_insert(BAUTA_CODEC_H264, "DSPIF", "DSPEIF");
    check_insert(BAUTA_CODEC_H264, "DENI", "DEENI");
}

static void sei_goes_directly_before_the_first_slice_of_h265(void **state)
{
    (void)state;
    check_insert(BAUTA_CODEC_H265, "I", "EI");
    check_insert(BAUTA_CODEC_H265, "DVSPI", "DVSPEI");
    check_insert(BAUTA_CODEC_H265, "DN", "DEN");
    check_insert(BAUTA_CODEC_H265, "VSPeIIs", "VSPeEIIs");
    check_insert(BAUTA_CODEC_H265, "DNNNF", "DENNNF");
}

static void sei_is_never_left_without_a_slice(void **state)
{
    (void)state;
    const char *without[] = {"", "D", "e", "DSP", "DSPe", "F"};
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        struct bt_buffer au = make(BAUTA_CODEC_H264, without[i], 1),
                         sei = make(BAUTA_CODEC_H264, "E", 2), out = {0};
        check_status(BAUTA_ERR_FORMAT,
                     bt_access_unit_insert(&out, BAUTA_CODEC_H264, bt_buffer_view(&au),
                                           bt_buffer_view(&sei)));
        bt_buffer_clear(&au);
        bt_buffer_clear(&sei);
        bt_buffer_clear(&out);
    }
}

static size_t n_units(struct bauta_bytes stream)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    size_t n = 0;
    bt_nal_reader_init(&r, stream);
    while (bt_nal_next(&r, &nal))
        n++;
    return n;
}

static void every_unit_stays_as_it_was(void **state)
{
    (void)state;
    const char *letters[] = {"DSPI", "NNN", "DSPeeIF", "eNeN"};
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        enum bauta_codec codec = seed % 2 ? BAUTA_CODEC_H264 : BAUTA_CODEC_H265;
        struct bt_buffer au = make(codec, letters[seed % 4], seed), sei = make(codec, "E", 7);
        struct bt_buffer out = {0};
        struct bt_nal_reader before, after;
        struct bauta_bytes want, got, ours = {sei.data, 0};
        check_ok(bt_access_unit_insert(&out, codec, bt_buffer_view(&au), bt_buffer_view(&sei)));
        bt_nal_reader_init(&after, bt_buffer_view(&sei));
        assert_true(bt_nal_next(&after, &ours));
        bt_nal_reader_init(&before, bt_buffer_view(&au));
        bt_nal_reader_init(&after, bt_buffer_view(&out));
        while (bt_nal_next(&before, &want)) {
            assert_true(bt_nal_next(&after, &got));
            if (got.size == ours.size && memcmp(got.data, ours.data, got.size) == 0)
                assert_true(bt_nal_next(&after, &got));
            if (got.size != want.size || memcmp(got.data, want.data, got.size) != 0)
                fail_msg("seed %u: a unit was changed", seed);
        }
        assert_int_equal(n_units(bt_buffer_view(&au)) + 1, n_units(bt_buffer_view(&out)));
        bt_buffer_clear(&au);
        bt_buffer_clear(&sei);
        bt_buffer_clear(&out);
    }
}

static void check_strip(enum bauta_codec codec, const char *before, const char *after)
{
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct bt_buffer unit = make(codec, before, seed), once = {0}, twice = {0};
        bt_access_unit_strip(&once, codec, bt_buffer_view(&unit));
        check_ok(bt_buffer_status(&once));
        stream_check(after, codec, bt_buffer_view(&once));
        bt_access_unit_strip(&twice, codec, bt_buffer_view(&once));
        assert_int_equal(once.size, twice.size);
        if (once.size)
            assert_memory_equal(once.data, twice.data, once.size);
        bt_buffer_clear(&unit);
        bt_buffer_clear(&once);
        bt_buffer_clear(&twice);
    }
}

static void stripping_leaves_parameter_sets_and_slices_and_nothing_to_strip(void **state)
{
    (void)state;
    check_strip(BAUTA_CODEC_H264, "DSPeI", "SPI");
    check_strip(BAUTA_CODEC_H264, "DeNFEN", "NN");
    check_strip(BAUTA_CODEC_H264, "xIx", "xIx");
    check_strip(BAUTA_CODEC_H264, "De", "");
    check_strip(BAUTA_CODEC_H265, "DVSPeIs", "VSPI");
    check_strip(BAUTA_CODEC_H265, "DeNsF", "N");
}

static void decoding_begins_where_there_is_such_a_slice(void **state)
{
    (void)state;
    static const struct {
        const char *letters;
        bool begins;
    } cases[] = {{"DSPI", true}, {"DSPN", false}, {"eI", true},
                 {"DSP", false}, {"", false},     {"NI", true}};
    for (int codec = BAUTA_CODEC_H264; codec <= BAUTA_CODEC_H265; codec++)
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct bt_buffer au = make((enum bauta_codec)codec, cases[i].letters, 3);
            assert_int_equal(cases[i].begins, bt_access_unit_random_access((enum bauta_codec)codec,
                                                                           bt_buffer_view(&au)));
            bt_buffer_clear(&au);
        }
}

static void without_a_slice_of_its_own_there_is_no_picture(void **state)
{
    (void)state;
    static const struct {
        const char *letters;
        bool h264, h265;
    } cases[] = {{"DSPI", true, true}, {"N", true, true},       {"eN", true, true},
                 {"Ne", true, true},   {"DSPeF", false, false}, {"e", false, false},
                 {"D", false, false},  {"", false, false},      {"E", false, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bt_buffer h264 = make(BAUTA_CODEC_H264, cases[i].letters, 5);
        struct bt_buffer h265 = make(BAUTA_CODEC_H265, cases[i].letters, 5);
        assert_int_equal(cases[i].h264,
                         bt_access_unit_is_picture(BAUTA_CODEC_H264, bt_buffer_view(&h264)));
        assert_int_equal(cases[i].h265,
                         bt_access_unit_is_picture(BAUTA_CODEC_H265, bt_buffer_view(&h265)));
        bt_buffer_clear(&h264);
        bt_buffer_clear(&h265);
    }
    struct bt_buffer prefix = make(BAUTA_CODEC_H264, "xx", 5); /* of a slice that is gone */
    assert_false(bt_access_unit_is_picture(BAUTA_CODEC_H264, bt_buffer_view(&prefix)));
    bt_buffer_clear(&prefix);
    static const uint8_t layer[] = {0, 0, 1, 0, 9, 0x80}; /* nuh_layer_id 1 */
    assert_false(
        bt_access_unit_is_picture(BAUTA_CODEC_H265, (struct bauta_bytes){layer, sizeof(layer)}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sei_goes_directly_before_the_first_slice_of_h264),
        cmocka_unit_test(sei_goes_directly_before_the_first_slice_of_h265),
        cmocka_unit_test(sei_is_never_left_without_a_slice),
        cmocka_unit_test(every_unit_stays_as_it_was),
        cmocka_unit_test(stripping_leaves_parameter_sets_and_slices_and_nothing_to_strip),
        cmocka_unit_test(decoding_begins_where_there_is_such_a_slice),
        cmocka_unit_test(without_a_slice_of_its_own_there_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

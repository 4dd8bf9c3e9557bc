/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/rect.h"
#include "bitstream/nal.h"
#include "protect/pending.h"
#include "protect/protector.h"

/* The rows of ARCHITECTURE.md's table of faults that the core answers for. */

static struct bauta_rect whole = {0, 0, SCENE_WIDTH, SCENE_HEIGHT};

static int set_up(void **state)
{
    static struct scene scene;
    scene_make_keys(&scene);
    scene_record(&scene, scene_protector(&scene, &scene.codec, NULL));
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    scene_clear(*state);
    return 0;
}

static bool is_black(const struct bauta_picture *p)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            if (p->planes[0][y * p->strides[0] + x] != 16)
                return false;
    return true;
}

static void hide_blind(struct bauta_protector *p, struct bauta_mask_report *report, int n)
{
    struct bt_frame frame;
    struct bt_masked masked;
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    scene_paint(&frame.picture, n);
    struct bt_clear clear = {frame.picture};
    const struct bt_sightings blind = {.blind = true};
    check_ok(bt_protector_hide(p, report, &masked, &clear, n * 100000, &blind));
    bt_frame_clear(&frame);
}

static void a_detector_that_failed_leaves_the_last_plan_grown_or_hides_everything(void **state)
{
    struct scene *s = *state;
    struct bauta_mask_report report;
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    struct bt_frame frame;
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    hide_blind(p, &report, 0);
    assert_true(report.blind);
    assert_int_equal(1, report.n_regions);
    assert_int_equal(bt_rect_area(whole), bt_rect_area(report.regions[0].rect));
    assert_int_equal(0, report.n_unsealed); /* hidden, and still recoverable */
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    scene_paint(&frame.picture, 1);
    check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, 100000, regions,
                                          scene_regions(regions, 1)));
    struct bauta_rect before = report.regions[3].rect;
    hide_blind(p, &report, 2);
    assert_int_equal(4, report.n_regions);
    bool grown = false;
    for (int i = 0; i < 4; i++)
        grown |= bt_rect_contains(report.regions[i].rect, before) &&
                 bt_rect_area(report.regions[i].rect) > bt_rect_area(before);
    assert_true(grown);
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
}

static void more_targets_than_the_limit_hide_the_whole_picture(void **state)
{
    struct scene *s = *state;
    struct bauta_mask_report report;
    static struct bauta_region regions[BAUTA_MAX_REGIONS + 1];
    struct bt_frame frame;
    for (int i = 0; i <= BAUTA_MAX_REGIONS; i++)
        regions[i] = (struct bauta_region){
            .target = (uint32_t)i + 1, .class_ = BAUTA_CLASS_BODY, .rect = {0, 0, 8, 8}};
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    scene_paint(&frame.picture, 0);
    check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, 0, regions,
                                          BAUTA_MAX_REGIONS + 1));
    assert_int_equal(1, report.n_regions);
    assert_int_equal(BAUTA_TARGET_WHOLE_PICTURE, report.regions[0].target);
    assert_int_equal(bt_rect_area(whole), bt_rect_area(report.regions[0].rect));
    assert_int_equal(BAUTA_WHOLE_CROWD, report.whole);
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
}

/* Hides one picture with regions that are given; gives the reason if all of it is hidden. */
static enum bauta_whole hide_given(struct bauta_protector *p, int n_picture,
                                   const struct bauta_region *regions, int n_regions)
{
    struct bauta_mask_report report;
    struct bt_frame frame;
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    scene_paint(&frame.picture, n_picture);
    check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, n_picture * 100000, regions,
                                          n_regions));
    bool all = report.n_regions == 1 && report.regions[0].target == BAUTA_TARGET_WHOLE_PICTURE &&
               bt_rect_area(whole) == bt_rect_area(report.regions[0].rect);
    assert_true(all == (report.whole != BAUTA_WHOLE_NONE));
    assert_int_equal(0, report.n_unsealed);
    bt_frame_clear(&frame);
    return report.whole;
}

static void regions_that_do_not_say_who_is_there_hide_the_whole_picture(void **state)
{
    struct scene *s = *state;
    struct bauta_region some[2] = {
        {.target = 1, .class_ = BAUTA_CLASS_BODY, .rect = {8, 8, 16, 16}},
        {.target = 2, .class_ = BAUTA_CLASS_BODY, .rect = {48, 8, 16, 16}}};
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    assert_int_equal(BAUTA_WHOLE_UNSAID, hide_given(p, 0, NULL, BAUTA_REGIONS_UNKNOWN));
    assert_int_equal(BAUTA_WHOLE_NONE, hide_given(p, 1, NULL, 0));
    assert_int_equal(BAUTA_WHOLE_NONE, hide_given(p, 2, some, 2));
    some[1].target = BAUTA_TARGET_WHOLE_PICTURE;
    assert_int_equal(BAUTA_WHOLE_GIVEN, hide_given(p, 3, some, 2));
    some[1].target = 1;
    assert_int_equal(BAUTA_WHOLE_UNCLEAR, hide_given(p, 4, some, 2));
    some[1].class_ = (enum bauta_class)0;
    assert_int_equal(BAUTA_WHOLE_UNCLEAR, hide_given(p, 5, some, 2));
    bauta_protector_free(&p);
}

static bool no_memory; /* for what the next access unit will carry */
struct bt_pending *__real_bt_pending_new(int n_regions);
struct bt_pending *__wrap_bt_pending_new(int n_regions);

struct bt_pending *__wrap_bt_pending_new(int n_regions)
{
    return no_memory ? NULL : __real_bt_pending_new(n_regions);
}

static void an_epoch_whose_first_picture_fails_begins_with_the_next(void **state)
{
    struct scene *s = *state;
    struct bauta_mask_report report;
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    struct bt_frame frame;
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    for (int n = 0; n < 2 * SCENE_EPOCH; n++) {
        scene_paint(&frame.picture, n);
        no_memory = n == SCENE_EPOCH;
        enum bauta_status status = bauta_protector_mask_regions(
            p, &report, &frame.picture, n * 100000, regions, scene_regions(regions, n));
        check_status(no_memory ? BAUTA_ERR_MEMORY : BAUTA_OK, status);
        if (!no_memory)
            assert_int_equal(n == 0 || n == SCENE_EPOCH + 1, report.random_access);
    }
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
}

static enum bauta_status fail_to_encode(void *encoder, struct bauta_bytes *unit,
                                        const struct bauta_picture *picture, bool key)
{
    (void)encoder;
    (void)picture;
    (void)key;
    *unit = (struct bauta_bytes){NULL, 0};
    return BAUTA_ERR_CODEC;
}

static void an_object_that_cannot_be_encoded_leaves_a_masked_picture_without_capsule(void **state)
{
    struct scene *s = *state;
    struct bauta_object_codec broken = s->codec;
    broken.encode = fail_to_encode;
    static struct scene lost;
    scene_make_keys(&lost);
    scene_record(&lost, scene_protector(&lost, &broken, NULL));
    struct bauta_restorer *restorer = scene_restorer(&lost, BAUTA_MASK_BOTH, NULL, 0);
    for (int n = 0; n < 2; n++) {
        struct bauta_reveal_report report;
        struct bauta_picture *picture = &lost.masked[n].picture;
        assert_int_equal(4, lost.reports[n].n_unsealed);
        assert_true(scene_error(picture, &lost.originals[n].picture,
                                lost.reports[n].regions[2].rect) > 300.0);
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&lost.units[n]), n));
        check_status(BAUTA_ERR_NOT_FOUND, bauta_restorer_reveal(restorer, &report, picture, n));
        assert_int_equal(BAUTA_REVEAL_MISSING, report.states[0]);
    }
    bauta_restorer_free(&restorer);
    scene_clear(&lost);
}

static void a_picture_that_cannot_be_masked_comes_back_black(void **state)
{
    struct scene *s = *state;
    struct bauta_mask_report report;
    struct bt_frame frame;
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    check_ok(bt_frame_init(&frame, SCENE_WIDTH + 16, SCENE_HEIGHT)); /* not the run's size */
    scene_paint(&frame.picture, 0);
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_protector_mask_regions(p, &report, &frame.picture, 0, NULL, 0));
    assert_true(is_black(&frame.picture));
    scene_paint(&frame.picture, 0);
    check_status(BAUTA_ERR_ARGUMENT, bauta_protector_mask(p, &report, &frame.picture, 0));
    assert_true(is_black(&frame.picture));
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
}

static void an_access_unit_gets_its_capsules_once_and_never_another_picture_s(void **state)
{
    struct scene *s = *state;
    struct bauta_mask_report report;
    struct bauta_bytes out;
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    struct bt_frame frame;
    const uint8_t no_slice[] = {0, 0, 0, 1, 0x67, 1, 2};
    struct bauta_protector *p = scene_protector(s, &s->codec, NULL);
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    scene_paint(&frame.picture, 0);
    check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, 5, regions,
                                          scene_regions(regions, 0)));
    check_status(BAUTA_ERR_NOT_FOUND,
                 bauta_protector_attach(p, &out, bt_buffer_view(&s->units[0]), 6));
    check_ok(bauta_protector_attach(p, &out, bt_buffer_view(&s->units[0]), 5));
    check_status(BAUTA_ERR_NOT_FOUND,
                 bauta_protector_attach(p, &out, bt_buffer_view(&s->units[0]), 5));
    scene_paint(&frame.picture, 1);
    check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, 7, regions,
                                          scene_regions(regions, 1)));
    check_status(
        BAUTA_ERR_FORMAT,
        bauta_protector_attach(p, &out, (struct bauta_bytes){no_slice, sizeof(no_slice)}, 7));
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
}

/* Reveals pictures 0..3 of the first epoch, with unit 1 replaced, and gives what 1..3 came to. */
static void reveal_with(const struct scene *s, struct bauta_bytes second,
                        struct bauta_reveal_report reports[4], enum bauta_status statuses[4])
{
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    for (int n = 0; n < 4; n++) {
        struct bt_frame frame;
        struct bauta_bytes unit = n == 1 ? second : bt_buffer_view(&s->units[n]);
        check_ok(bauta_restorer_collect(restorer, unit, n));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[n].picture);
        statuses[n] = bauta_restorer_reveal(restorer, &reports[n], &frame.picture, n);
        for (int i = 0; i < reports[n].n_regions; i++) { /* wholly clear or wholly masked */
            struct bauta_rect r = reports[n].regions[i].rect;
            double error = scene_error(&frame.picture, &s->originals[n].picture, r);
            if (reports[n].states[i] == BAUTA_REVEAL_SHOWN && i < 2)
                assert_true(error < 60.0);
            if (statuses[n] && reports[n].states[i] != BAUTA_REVEAL_SHOWN && i < 2)
                assert_true(scene_error(&frame.picture, &s->masked[n].picture, r) == 0.0);
        }
        if (!reports[n].protected_)
            assert_true(scene_error(&frame.picture, &s->masked[n].picture, whole) == 0.0);
        bt_frame_clear(&frame);
    }
    bauta_restorer_free(&restorer);
}

static void a_missing_capsule_keeps_its_picture_and_those_that_build_on_it_masked(void **state)
{
    const struct scene *s = *state;
    static struct bauta_reveal_report reports[4];
    enum bauta_status statuses[4];
    reveal_with(s, (struct bauta_bytes){NULL, 0}, reports, statuses);
    check_ok(statuses[0]);
    for (int n = 1; n < 4; n++)
        check_status(BAUTA_ERR_NOT_FOUND, statuses[n]);
    assert_false(reports[1].protected_);
    assert_int_equal(BAUTA_REVEAL_MISSING, reports[2].states[0]);
}

/* Whether byte `at` is one that messages and slices are made of: not a start code, not the header
 * or the last byte of an SEI unit, not a parameter set. */
static bool carries(struct bauta_bytes unit, size_t at)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, unit);
    while (bt_nal_next(&r, &nal)) {
        size_t begin = (size_t)(nal.data - unit.data), end = begin + nal.size;
        enum bt_nal_kind kind = bt_nal_kind(BAUTA_CODEC_H264, nal);
        if (at >= begin && at < end)
            return kind == BT_NAL_SLICE || (kind == BT_NAL_SEI && at > begin && at + 1 < end);
    }
    return false;
}

static void any_flipped_bit_in_a_message_reveals_nothing_wrong(void **state)
{
    const struct scene *s = *state;
    static struct bauta_reveal_report reports[4];
    enum bauta_status statuses[4];
    struct bt_buffer damaged = {0};
    bt_buffer_append(&damaged, bt_buffer_view(&s->units[1]));
    int n_refused = 0, n_tried = 0;
    for (size_t i = 5; i < damaged.size; i += 29) {
        if (!carries(bt_buffer_view(&s->units[1]), i))
            continue;
        n_tried++;
        damaged.data[i] ^= (uint8_t)(1u << i % 8);
        reveal_with(s, bt_buffer_view(&damaged), reports, statuses);
        n_refused += statuses[1] != BAUTA_OK || reports[1].changed;
        damaged.data[i] ^= (uint8_t)(1u << i % 8);
    }
    assert_true(n_tried > 20);
    assert_int_equal(n_tried, n_refused); /* every flip is noticed: capsule, head or slices */
    bt_buffer_clear(&damaged);
}

static void a_capsule_moved_to_another_picture_or_stream_does_not_open(void **state)
{
    const struct scene *s = *state;
    static struct scene other;
    static struct bauta_reveal_report reports[4];
    enum bauta_status statuses[4];
    scene_make_keys(&other);
    scene_record(&other, scene_protector(&other, &other.codec, NULL));
    reveal_with(s, bt_buffer_view(&s->units[2]), reports, statuses); /* 2 in the place of 1 */
    assert_int_not_equal(BAUTA_OK, statuses[1]);
    reveal_with(s, bt_buffer_view(&other.units[1]), reports, statuses);
    assert_int_not_equal(BAUTA_OK, statuses[1]);
    scene_clear(&other);
}

/* Puts the slices of `slices` behind the messages of `messages`. */
static void graft(struct bt_buffer *out, struct bauta_bytes messages, struct bauta_bytes slices)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, messages);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(BAUTA_CODEC_H264, nal) == BT_NAL_SEI)
            bt_nal_copy(out, nal);
    bt_nal_reader_init(&r, slices);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(BAUTA_CODEC_H264, nal) == BT_NAL_SLICE)
            bt_nal_copy(out, nal);
}

static void capsules_beside_other_slices_open_and_the_picture_counts_as_changed(void **state)
{
    const struct scene *s = *state;
    static struct bauta_reveal_report reports[4];
    enum bauta_status statuses[4];
    struct bt_buffer grafted = {0};
    graft(&grafted, bt_buffer_view(&s->units[1]), bt_buffer_view(&s->units[3]));
    reveal_with(s, bt_buffer_view(&grafted), reports, statuses);
    check_ok(statuses[1]);
    assert_true(reports[1].changed);
    assert_false(reports[2].changed);
    bt_buffer_clear(&grafted);
}

static enum bauta_status decode_garbage(void *decoder, struct bauta_picture *picture,
                                        struct bauta_bytes unit)
{
    (void)decoder;
    (void)unit;
    *picture = (struct bauta_picture){.width = 16, .height = 16};
    return BAUTA_OK;
}

static void a_record_whose_object_has_the_wrong_size_reveals_nothing(void **state)
{
    struct scene *s = *state;
    struct bauta_object_codec codec = s->codec;
    s->codec.decode = decode_garbage;
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    struct bauta_reveal_report report;
    struct bt_frame frame;
    check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[0]), 0));
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    bt_picture_copy(&frame.picture, &s->masked[0].picture);
    check_status(BAUTA_ERR_TAMPERED, bauta_restorer_reveal(restorer, &report, &frame.picture, 0));
    assert_int_equal(BAUTA_REVEAL_BROKEN, report.states[0]);
    assert_true(scene_error(&frame.picture, &s->masked[0].picture, whole) == 0.0);
    bt_frame_clear(&frame);
    bauta_restorer_free(&restorer);
    s->codec = codec;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detector_that_failed_leaves_the_last_plan_grown_or_hides_everything),
        cmocka_unit_test(more_targets_than_the_limit_hide_the_whole_picture),
        cmocka_unit_test(regions_that_do_not_say_who_is_there_hide_the_whole_picture),
        cmocka_unit_test(an_epoch_whose_first_picture_fails_begins_with_the_next),
        cmocka_unit_test(an_object_that_cannot_be_encoded_leaves_a_masked_picture_without_capsule),
        cmocka_unit_test(a_picture_that_cannot_be_masked_comes_back_black),
        cmocka_unit_test(an_access_unit_gets_its_capsules_once_and_never_another_picture_s),
        cmocka_unit_test(a_missing_capsule_keeps_its_picture_and_those_that_build_on_it_masked),
        cmocka_unit_test(any_flipped_bit_in_a_message_reveals_nothing_wrong),
        cmocka_unit_test(a_capsule_moved_to_another_picture_or_stream_does_not_open),
        cmocka_unit_test(capsules_beside_other_slices_open_and_the_picture_counts_as_changed),
        cmocka_unit_test(a_record_whose_object_has_the_wrong_size_reveals_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

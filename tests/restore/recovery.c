/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "bitstream/nal.h"
#include "amend/grantor.h"
#include "recovery/messages.h"
#include "recovery/picture_message.h"

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

/* Access units as strings: P parameter set, E SEI, S slice. */
static void letters(char *to, size_t size, struct bauta_bytes unit)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    size_t n = 0;
    bt_nal_reader_init(&r, unit);
    while (bt_nal_next(&r, &nal) && n + 1 < size)
        to[n++] = "?SPED"[bt_nal_kind(BAUTA_CODEC_H264, nal)];
    to[n] = '\0';
}

static void messages_stand_before_the_slice_and_the_stream_message_opens_each_epoch(void **state)
{
    const struct scene *s = *state;
    for (int n = 0; n < SCENE_PICTURES; n++) {
        char got[16];
        letters(got, sizeof(got), bt_buffer_view(&s->units[n]));
        assert_string_equal(n % SCENE_EPOCH == 0 ? "PPEES" : "ES", got);
    }
}

/* Reveals pictures first..last-1; the errors of what is clear are small,
 * of what is masked large. */
static void check_run(const struct scene *s, struct bauta_restorer *restorer, int first, int last,
                      unsigned classes, uint32_t target)
{
    for (int n = first; n < last; n++) {
        struct bauta_reveal_report report;
        struct bt_frame frame;
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[n]), n));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[n].picture);
        check_ok(bauta_restorer_reveal(restorer, &report, &frame.picture, n));
        assert_true(report.protected_);
        assert_false(report.changed);
        assert_int_equal(4, report.n_regions);
        for (int i = 0; i < report.n_regions; i++) {
            const struct bauta_region *r = &report.regions[i];
            bool wanted = (classes & 1u << r->class_) && (!target || r->target == target);
            assert_int_equal(wanted ? BAUTA_REVEAL_SHOWN : BAUTA_REVEAL_UNWANTED, report.states[i]);
        }
        if (classes == BAUTA_MASK_BOTH && !target)
            for (int i = 0; i < report.n_regions; i++)
                assert_true(scene_error(&frame.picture, &s->originals[n].picture,
                                        report.regions[i].rect) < 60.0);
        bt_frame_clear(&frame);
    }
    bauta_restorer_free(&restorer);
}

static void the_key_brings_every_original_back(void **state)
{
    const struct scene *s = *state;
    check_run(s, scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0), 0, SCENE_PICTURES, BAUTA_MASK_BOTH,
              0);
}

static void recovery_begins_at_any_random_access_point(void **state)
{
    const struct scene *s = *state;
    for (int first = 0; first < SCENE_PICTURES; first += SCENE_EPOCH)
        check_run(s, scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0), first, SCENE_PICTURES,
                  BAUTA_MASK_BOTH, 0);
}

static void one_target_or_one_class_can_be_chosen(void **state)
{
    const struct scene *s = *state;
    const uint32_t target = 2;
    check_run(s, scene_restorer(s, BAUTA_MASK_BOTH, &target, 1), 0, SCENE_PICTURES, BAUTA_MASK_BOTH,
              2);
    check_run(s, scene_restorer(s, BAUTA_MASK_FACE, NULL, 0), 0, SCENE_PICTURES, BAUTA_MASK_FACE,
              0);
}

static void whoever_is_not_chosen_stays_masked_to_the_pixel(void **state)
{
    const struct scene *s = *state;
    const uint32_t target = 1;
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, &target, 1);
    struct bauta_reveal_report report;
    struct bt_frame frame;
    check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[0]), 0));
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    bt_picture_copy(&frame.picture, &s->masked[0].picture);
    check_ok(bauta_restorer_reveal(restorer, &report, &frame.picture, 0));
    for (int i = 0; i < report.n_regions; i++)
        if (report.regions[i].target == 2)
            assert_true(
                scene_error(&frame.picture, &s->masked[0].picture, report.regions[i].rect) == 0.0);
    bt_frame_clear(&frame);
    bauta_restorer_free(&restorer);
}

static void a_stranger_key_is_denied_and_changes_nothing(void **state)
{
    struct scene *s = *state;
    struct bauta_private_key *own = s->private_key;
    s->private_key = s->other_private_key;
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    s->private_key = own;
    for (int n = 0; n < SCENE_PICTURES; n++) {
        struct bauta_reveal_report report;
        struct bt_frame frame;
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[n]), n));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[n].picture);
        check_status(BAUTA_ERR_DENIED, bauta_restorer_reveal(restorer, &report, &frame.picture, n));
        assert_true(scene_error(&frame.picture, &s->masked[n].picture,
                                (struct bauta_rect){0, 0, SCENE_WIDTH, SCENE_HEIGHT}) == 0.0);
        bt_frame_clear(&frame);
    }
    bauta_restorer_free(&restorer);
}

static void pictures_may_be_collected_long_before_they_are_revealed(void **state)
{
    const struct scene *s = *state;
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    for (int n = SCENE_EPOCH; n > 0; n--) /* as if coded in another order */
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[n % SCENE_EPOCH]),
                                        n % SCENE_EPOCH));
    /* a decoder that lost pictures 1 and 2 still shows 3 in full */
    for (int n = 0; n < SCENE_EPOCH; n += n ? 1 : 3) {
        struct bauta_reveal_report report;
        struct bt_frame frame;
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[n].picture);
        check_ok(bauta_restorer_reveal(restorer, &report, &frame.picture, n));
        bt_frame_clear(&frame);
    }
    bauta_restorer_free(&restorer);
}

static int n_opened, n_open;
static struct bauta_object_codec counted; /* the codec that is counted */

static enum bauta_status count_new(void **encoder, const struct bauta_object_codec *codec,
                                   int width, int height)
{
    n_opened++;
    n_open++;
    return counted.encoder_new(encoder, codec, width, height);
}

static void count_free(void **encoder)
{
    n_open -= *encoder != NULL;
    counted.encoder_free(encoder);
}

static void an_encoder_serves_the_next_target_of_its_size_and_none_stays_open(void **state)
{
    struct scene *s = *state;
    struct bauta_object_codec codec = counted = s->codec;
    codec.encoder_new = count_new;
    codec.encoder_free = count_free;
    n_opened = n_open = 0;
    struct bauta_protector *p = scene_protector(s, &codec, NULL);
    for (int n = 0; n < SCENE_PICTURES; n++) { /* in every picture somebody else */
        struct bauta_region region = {
            .target = (uint32_t)n + 1, .class_ = BAUTA_CLASS_BODY, .rect = {64, 32, 32, 64}};
        struct bauta_mask_report report;
        struct bt_frame frame;
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        scene_paint(&frame.picture, n);
        check_ok(bauta_protector_mask_regions(p, &report, &frame.picture, n * 100000, &region, 1));
        assert_int_equal(0, report.n_unsealed);
        bt_frame_clear(&frame);
    }
    bauta_protector_free(&p);
    assert_int_equal(2, n_opened); /* the one before is given back once the picture is done */
    assert_int_equal(0, n_open);
}

/* Regions that together are larger than any reader takes; no capsule of them is looked at. */
static void regions_that_together_are_too_large_are_refused(void **state)
{
    const struct scene *s = *state;
    for (int n = BT_MAX_COVER; n <= BT_MAX_COVER + 1; n++) {
        struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
        struct bt_picture_head head = {.plan = {.n_regions = n}};
        struct bt_buffer message = {0}, unit = {0};
        struct bauta_reveal_report report;
        struct bt_frame frame;
        for (int i = 0; i < n; i++)
            head.plan.regions[i] = (struct bauta_region){.target = (uint32_t)i + 1,
                                                         .class_ = BAUTA_CLASS_BODY,
                                                         .rect = {0, 0, SCENE_WIDTH, SCENE_HEIGHT},
                                                         .block = 8};
        bt_picture_message_write_head(&message, &head);
        for (int i = 0; i < n; i++)
            bt_picture_message_write_capsule(&message, NULL);
        struct bauta_bytes bytes = bt_buffer_view(&message);
        check_ok(bt_messages_replace(&unit, NULL, BAUTA_CODEC_H264, bt_buffer_view(&s->units[0]),
                                     &bytes, 1));
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&unit), 0));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[0].picture);
        check_status(n > BT_MAX_COVER ? BAUTA_ERR_TAMPERED : BAUTA_ERR_NOT_FOUND,
                     bauta_restorer_reveal(restorer, &report, &frame.picture, 0));
        assert_int_equal(n, report.n_regions);
        for (int i = 0; i < n; i++)
            assert_int_equal(n > BT_MAX_COVER ? BAUTA_REVEAL_BROKEN : BAUTA_REVEAL_MISSING,
                             report.states[i]);
        bt_buffer_clear(&message);
        bt_buffer_clear(&unit);
        bt_frame_clear(&frame);
        bauta_restorer_free(&restorer);
    }
}

static void a_message_that_is_too_large_is_as_good_as_none(void **state)
{
    const struct scene *s = *state;
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    struct bt_picture_head head = {.plan = {.n_regions = 1}};
    struct bt_buffer message = {0}, unit = {0};
    struct bauta_reveal_report report;
    struct bt_frame frame;
    head.plan.regions[0] = (struct bauta_region){
        .target = 1, .class_ = BAUTA_CLASS_BODY, .rect = {0, 0, 64, 64}, .block = 8};
    bt_picture_message_write_head(&message, &head);
    bt_buffer_put_vlq(&message, BT_MAX_MESSAGE_SIZE);
    memset(bt_buffer_extend(&message, BT_MAX_MESSAGE_SIZE), 0xaa, BT_MAX_MESSAGE_SIZE);
    struct bauta_bytes bytes = bt_buffer_view(&message);
    check_ok(bt_messages_replace(&unit, NULL, BAUTA_CODEC_H264, bt_buffer_view(&s->units[0]),
                                 &bytes, 1));
    check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&unit), 0));
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    bt_picture_copy(&frame.picture, &s->masked[0].picture);
    check_status(BAUTA_ERR_NOT_FOUND, bauta_restorer_reveal(restorer, &report, &frame.picture, 0));
    bt_buffer_clear(&message);
    bt_buffer_clear(&unit);
    bt_frame_clear(&frame);
    bauta_restorer_free(&restorer);
}

/* A grant of all of it to the other, which expires at 5000. */
static struct bauta_grant *grant_all(const struct scene *s)
{
    static struct bt_grantor grantor; /* large */
    struct bauta_grant_settings settings;
    struct bauta_grant *grant;
    bauta_grant_settings_init(&settings);
    settings.input = "the scene";
    settings.key = s->private_key;
    settings.recipient = s->other_public_key;
    settings.reason = "a reason";
    settings.issued_ms = 1000;
    settings.expires_ms = 5000;
    bt_grantor_init(&grantor, &settings, BAUTA_CODEC_H264);
    for (int n = 0; n < SCENE_PICTURES; n++)
        check_ok(bt_grantor_collect(&grantor, bt_buffer_view(&s->units[n]), n * 0.1));
    check_ok(bt_grantor_finish(&grantor, &grant));
    bt_grantor_clear(&grantor);
    return grant;
}

/* How many regions of a picture are shown. */
static int count_shown(const struct scene *s, struct bauta_restorer *restorer, int n)
{
    struct bauta_reveal_report report;
    struct bt_frame frame;
    int n_shown = 0;
    check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->units[n]), n));
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    bt_picture_copy(&frame.picture, &s->masked[n].picture);
    enum bauta_status status = bauta_restorer_reveal(restorer, &report, &frame.picture, n);
    for (int i = 0; i < report.n_regions; i++)
        n_shown += report.states[i] == BAUTA_REVEAL_SHOWN;
    assert_true(status == (n_shown ? BAUTA_OK : BAUTA_ERR_DENIED));
    bt_frame_clear(&frame);
    return n_shown;
}

static void a_grant_that_expires_shows_nothing_from_then_on(void **state)
{
    const struct scene *s = *state;
    struct bauta_grant *grant = grant_all(s);
    struct bauta_restorer_settings settings;
    struct bauta_restorer *restorer;
    bauta_restorer_settings_init(&settings);
    settings.key = s->other_private_key;
    settings.grant = grant;
    settings.object_codec = &s->codec;
    check_status(BAUTA_ERR_DENIED, bauta_restorer_new(&restorer, &settings)); /* no time is told */
    settings.now_ms = 5000;
    check_status(BAUTA_ERR_DENIED, bauta_restorer_new(&restorer, &settings));
    settings.now_ms = 4000;
    check_ok(bauta_restorer_new(&restorer, &settings));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        bauta_restorer_tell_time(restorer, 4994 + (uint64_t)n);
        assert_int_equal(n < 6 ? 4 : 0, count_shown(s, restorer, n));
    }
    bauta_restorer_free(&restorer);
    bauta_grant_free(&grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_stand_before_the_slice_and_the_stream_message_opens_each_epoch),
        cmocka_unit_test(the_key_brings_every_original_back),
        cmocka_unit_test(recovery_begins_at_any_random_access_point),
        cmocka_unit_test(one_target_or_one_class_can_be_chosen),
        cmocka_unit_test(whoever_is_not_chosen_stays_masked_to_the_pixel),
        cmocka_unit_test(a_stranger_key_is_denied_and_changes_nothing),
        cmocka_unit_test(regions_that_together_are_too_large_are_refused),
        cmocka_unit_test(a_message_that_is_too_large_is_as_good_as_none),
        cmocka_unit_test(a_grant_that_expires_shows_nothing_from_then_on),
        cmocka_unit_test(pictures_may_be_collected_long_before_they_are_revealed),
        cmocka_unit_test(an_encoder_serves_the_next_target_of_its_size_and_none_stays_open),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

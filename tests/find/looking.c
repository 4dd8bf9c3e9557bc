/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <string.h>

#include "base/rect.h"
#include "scene.h"

/* A protector whose caller has a detector of its own. */

enum { STEP_US = 100000, GAP_US = 300000 };

struct watched {
    struct scene scene;
    struct bauta_protector *protector;
    struct bt_frame frame;
    struct bauta_mask_report report; /* of the last picture */
};

static void open_watched(struct watched *w, int lookahead)
{
    static const struct bauta_public_key *recipients[1];
    struct bauta_protector_settings s;
    memset(w, 0, sizeof(*w));
    scene_make_keys(&w->scene);
    bauta_object_codec_init(&w->scene.codec, BAUTA_CODEC_H264);
    recipients[0] = w->scene.public_key;
    bauta_protector_settings_init(&s);
    s.width = SCENE_WIDTH;
    s.height = SCENE_HEIGHT;
    s.recipients = recipients;
    s.n_recipients = 1;
    s.object_codec = &w->scene.codec;
    s.find.external = true;
    s.find.lookahead = lookahead;
    s.find.longest_gap_us = GAP_US;
    check_ok(bauta_protector_new(&w->protector, &s));
    check_ok(bt_frame_init(&w->frame, SCENE_WIDTH, SCENE_HEIGHT));
}

static void close_watched(struct watched *w)
{
    bauta_protector_free(&w->protector);
    bt_frame_clear(&w->frame);
    scene_clear(&w->scene);
}

static struct bauta_sights one_person(float x)
{
    return (struct bauta_sights){.n_items = 1,
                                 .items = {{.x = x,
                                            .y = 40,
                                            .w = 20,
                                            .h = 50,
                                            .class_ = BAUTA_CLASS_BODY,
                                            .score = 0.9f,
                                            .body = -1}}};
}

/* Picture `n` goes through; `sights` were found in it or, late, in picture `seen`. */
static void show(struct watched *w, int n, const struct bauta_sights *sights, int seen)
{
    scene_paint(&w->frame.picture, 0);
    check_ok(bauta_protector_look_with(w->protector, &w->frame.picture, n * STEP_US, sights,
                                       seen * STEP_US));
    check_ok(bauta_protector_mask(w->protector, &w->report, &w->frame.picture, n * STEP_US));
}

static int64_t hidden_area(const struct watched *w)
{
    int64_t area = 0;
    for (int i = 0; i < w->report.n_regions; i++)
        if (w->report.regions[i].class_ == BAUTA_CLASS_BODY)
            area += bt_rect_area(w->report.regions[i].rect);
    return area;
}

static bool hides_everything(const struct watched *w)
{
    return hidden_area(w) == SCENE_WIDTH * SCENE_HEIGHT;
}

static void everything_is_hidden_until_somebody_has_looked(void **state)
{
    (void)state;
    struct watched w;
    const struct bauta_sights nobody = {0};
    open_watched(&w, 0);
    for (int n = 0; n < 4; n++) {
        show(&w, n, NULL, 0);
        assert_true(hides_everything(&w) && w.report.blind);
        assert_int_equal(BAUTA_WHOLE_UNLOOKED, w.report.whole);
    }
    show(&w, 4, &nobody, 4);
    assert_int_equal(BAUTA_WHOLE_NONE, w.report.whole);
    assert_int_equal(0, w.report.n_regions);
    assert_false(w.report.blind);
    close_watched(&w);
}

static void who_was_found_is_hidden_and_followed_while_nobody_looks(void **state)
{
    (void)state;
    struct watched w;
    struct bauta_sights sights = one_person(60);
    open_watched(&w, 0);
    show(&w, 0, &sights, 0);
    for (int n = 1; n <= GAP_US / STEP_US; n++) {
        show(&w, n, NULL, 0);
        assert_false(w.report.blind);
        assert_false(hides_everything(&w));
        assert_true(bt_rect_contains(w.report.regions[w.report.n_regions - 1].rect,
                                     (struct bauta_rect){60, 40, 20, 50}));
    }
    close_watched(&w);
}

static void everything_is_hidden_where_nobody_looked_near(void **state)
{
    (void)state;
    struct watched w;
    struct bauta_sights sights = one_person(60);
    int n = 1;
    open_watched(&w, 0);
    show(&w, 0, &sights, 0);
    for (; n <= GAP_US / STEP_US; n++) {
        show(&w, n, NULL, 0);
        assert_false(hides_everything(&w));
    }
    for (; n < 10; n++) {
        show(&w, n, NULL, 0);
        assert_true(hides_everything(&w) && w.report.blind);
    }
    show(&w, n, &sights, n); /* somebody looks again, and it is as before */
    assert_false(hides_everything(&w) || w.report.blind);
    show(&w, n + 20, NULL, 0); /* pictures are missing: who came meanwhile? */
    assert_true(hides_everything(&w) && w.report.blind);
    show(&w, n + 21, &sights, n + 10); /* an answer that is too old */
    assert_true(hides_everything(&w) && w.report.blind);
    close_watched(&w);
}

static void a_look_counts_for_pictures_before_it_that_are_near(void **state)
{
    (void)state;
    enum { AHEAD = 6, LAST = 12 };
    struct watched w;
    struct bauta_sights sights = one_person(60);
    open_watched(&w, AHEAD);
    for (int n = 0; n <= LAST; n++) { /* looked at: 0 and 8; a look reaches three pictures far */
        scene_paint(&w.frame.picture, 0);
        check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, n * STEP_US,
                                           n % 8 == 0 ? &sights : NULL, n * STEP_US));
        if (n < AHEAD)
            continue;
        check_ok(
            bauta_protector_mask(w.protector, &w.report, &w.frame.picture, (n - AHEAD) * STEP_US));
        assert_int_equal(n - AHEAD == 4, hides_everything(&w));
    }
    close_watched(&w);
}

static void late_sights_cover_where_people_may_be_now(void **state)
{
    (void)state;
    struct watched at_once, late;
    struct bauta_sights sights = one_person(60);
    open_watched(&at_once, 0);
    open_watched(&late, 0);
    show(&at_once, 2, &sights, 2);
    show(&late, 0, NULL, 0);
    show(&late, 2, &sights, 0);
    assert_false(late.report.blind);
    assert_true(hidden_area(&late) > hidden_area(&at_once));
    /* 3 m/s, a person's height being 1.8 m */
    assert_true(bt_rect_contains(late.report.regions[late.report.n_regions - 1].rect,
                                 (struct bauta_rect){60 - 16, 40, 20 + 32, 50}));
    close_watched(&at_once);
    close_watched(&late);
}

static void another_scene_is_hidden_until_somebody_has_looked_at_it(void **state)
{
    (void)state;
    struct watched w;
    struct bauta_sights sights = one_person(60);
    open_watched(&w, 0);
    for (int n = 0; n < 3; n++)
        show(&w, n, &sights, n);
    bt_picture_blacken(&w.frame.picture);
    memset(w.frame.picture.planes[0], 235, 64);
    check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, 3 * STEP_US, NULL, 0));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 3 * STEP_US));
    assert_true(hides_everything(&w));
    bt_picture_blacken(&w.frame.picture); /* what was found in the old scene counts for nothing */
    check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, 4 * STEP_US, &sights,
                                       2 * STEP_US));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 4 * STEP_US));
    assert_true(hides_everything(&w));
    bt_picture_blacken(&w.frame.picture);
    check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, 5 * STEP_US, &sights,
                                       5 * STEP_US));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 5 * STEP_US));
    assert_false(hides_everything(&w));
    close_watched(&w);
}

static void what_was_found_before_the_first_picture_counts_for_nothing(void **state)
{
    (void)state;
    struct watched w;
    struct bauta_sights sights = one_person(60);
    open_watched(&w, 0);
    for (int n = 5; n < 8; n++) {
        show(&w, n, &sights, 4);
        assert_true(hides_everything(&w) && w.report.blind);
    }
    show(&w, 8, &sights, 7);
    assert_false(hides_everything(&w));
    close_watched(&w);
}

static void sights_that_make_no_sense_count_as_none(void **state)
{
    (void)state;
    struct watched w;
    const struct bauta_sights good = one_person(60);
    struct bauta_sights bad[9];
    for (int i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].items[0].x = NAN;
    bad[1].items[0].w = -1;
    bad[2].items[0].h = INFINITY;
    bad[3].items[0].score = 2;
    bad[4].items[0].class_ = (enum bauta_class)77;
    bad[5].items[0].body = 0;
    bad[6].n_items = BAUTA_MAX_SIGHTS + 1;
    bad[7].n_items = -1;
    bad[8].items[0].y = 1e9f;
    open_watched(&w, 0);
    for (int n = 0; n < 9; n++) {
        scene_paint(&w.frame.picture, 0);
        check_status(BAUTA_ERR_ARGUMENT,
                     bauta_protector_look_with(w.protector, &w.frame.picture, n * STEP_US, &bad[n],
                                               n * STEP_US));
        check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, n * STEP_US));
        assert_true(hides_everything(&w));
    }
    close_watched(&w);
}

static void a_picture_can_wait_for_what_is_found_after_it(void **state)
{
    (void)state;
    enum { AHEAD = 3 };
    struct watched w;
    struct bauta_sights sights = one_person(60);
    const struct bauta_sights nobody = {0};
    open_watched(&w, AHEAD);
    for (int n = 0; n < 6; n++) { /* somebody appears in picture 3 */
        scene_paint(&w.frame.picture, 0);
        check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, n * STEP_US,
                                           n < 3 ? &nobody : &sights, n * STEP_US));
        if (n >= AHEAD) {
            check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture,
                                          (n - AHEAD) * STEP_US));
            assert_true(w.report.n_regions > 0); /* and is hidden from picture 0 on */
        }
    }
    close_watched(&w);
}

static bool body_is_hidden(const struct watched *w, struct bauta_rect rect)
{
    for (int i = 0; i < w->report.n_regions; i++)
        if (w->report.regions[i].class_ == BAUTA_CLASS_BODY &&
            bt_rect_contains(w->report.regions[i].rect, rect))
            return true;
    return false;
}

static bool head_is_hidden(const struct watched *w, struct bauta_rect rect)
{
    for (int i = 0; i < w->report.n_regions; i++)
        if (w->report.regions[i].class_ == BAUTA_CLASS_HEAD &&
            bt_rect_contains(w->report.regions[i].rect, rect))
            return true;
    return false;
}

/* Who lies in the stored picture stands in the one that is shown: the head is at the end that is
 * shown above, and what is hidden is in stored pixels. */
static void heads_are_where_they_are_shown(void **state)
{
    (void)state;
    /* The upper fifth of who is 60 high, of a body stored at 40, 40, 60 x 20 or 20 x 60. */
    static const struct {
        struct bauta_view view;
        struct bauta_rect body, head;
    } cases[] = {{{.turn = 0}, {40, 40, 20, 60}, {43, 40, 14, 12}},
                 {{.turn = 90}, {40, 40, 60, 20}, {40, 43, 12, 14}},
                 {{.turn = 180}, {40, 40, 20, 60}, {43, 88, 14, 12}},
                 {{.turn = 270}, {40, 40, 60, 20}, {88, 43, 12, 14}},
                 {{90, true, 0, 0}, {40, 40, 60, 20}, {88, 43, 12, 14}},
                 {{0, false, 1, 2}, {40, 40, 20, 30}, {43, 40, 14, 6}}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct watched w;
        struct bauta_rect b = cases[i].body;
        struct bauta_sights sights = one_person(0);
        sights.items[0].x = (float)b.x;
        sights.items[0].y = (float)b.y;
        sights.items[0].w = (float)b.w;
        sights.items[0].h = (float)b.h;
        open_watched(&w, 0);
        check_ok(bauta_protector_set_view(w.protector, &cases[i].view));
        show(&w, 0, &sights, 0);
        assert_true(body_is_hidden(&w, b));
        assert_true(head_is_hidden(&w, cases[i].head));
        assert_int_equal(cases[i].view.turn, w.report.view.turn);
        assert_true(hidden_area(&w) < 2 * bt_rect_area(b));
        close_watched(&w);
    }
}

/* With another view another scene begins: old coordinates mean nothing, numbers are not used again,
 * and what waits is given as it was shown. */
static void another_view_begins_another_scene(void **state)
{
    (void)state;
    struct watched w;
    const struct bauta_view sideways = {.turn = 90};
    struct bauta_sights sights = one_person(60);
    open_watched(&w, 1);
    for (int n = 0; n < 2; n++)
        check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, n * STEP_US, &sights,
                                           n * STEP_US));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 0));
    uint32_t target = w.report.regions[0].target;
    check_ok(bauta_protector_set_view(w.protector, &sideways));
    check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, 2 * STEP_US, NULL, 0));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, STEP_US));
    assert_true(body_is_hidden(&w, (struct bauta_rect){60, 40, 20, 50}));
    assert_int_equal(0, w.report.view.turn);
    check_ok(bauta_protector_look_with(w.protector, &w.frame.picture, 3 * STEP_US, &sights,
                                       2 * STEP_US + 1));
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 2 * STEP_US));
    assert_true(hides_everything(&w) || w.report.n_regions > 0);
    assert_int_equal(90, w.report.view.turn);
    check_ok(bauta_protector_mask(w.protector, &w.report, &w.frame.picture, 3 * STEP_US));
    for (int i = 0; i < w.report.n_regions; i++)
        assert_true(w.report.regions[i].target != target);
    assert_true(body_is_hidden(&w, (struct bauta_rect){60, 40, 20, 50}));
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_protector_set_view(w.protector, &(struct bauta_view){.turn = 45}));
    close_watched(&w);
}

static void what_is_not_kept_is_masked_for_good(void **state)
{
    (void)state;
    struct scene scene = {0};
    struct bauta_protector_settings s;
    struct bauta_protector *p;
    struct bauta_mask_report report;
    struct bauta_region regions[4];
    struct bt_frame kept, given;
    const uint8_t unit[] = {0, 0, 0, 1, 0x65, 1, 2, 3};
    struct bauta_bytes out;
    bauta_protector_settings_init(&s);
    s.width = SCENE_WIDTH;
    s.height = SCENE_HEIGHT;
    s.keep = s.detect = false;
    s.hide.style = BAUTA_STYLE_SOLID; /* in which nothing is drawn by lot */
    check_ok(bauta_protector_new(&p, &s));
    check_ok(bt_frame_init(&given, SCENE_WIDTH, SCENE_HEIGHT));
    check_ok(bt_frame_init(&kept, SCENE_WIDTH, SCENE_HEIGHT));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        scene_paint(&given.picture, n);
        scene_paint(&kept.picture, n);
        int n_regions = scene_regions(regions, n);
        check_ok(bauta_protector_mask_regions(p, &report, &given.picture, n * STEP_US, regions,
                                              n_regions));
        assert_int_equal(n_regions, report.n_regions);
        assert_int_equal(n == 0, report.random_access); /* an epoch is two seconds */
        for (int i = 0; i < report.n_regions; i++)
            assert_true(scene_error(&given.picture, &kept.picture, report.regions[i].rect) > 10);
        check_ok(
            bauta_protector_attach(p, &out, (struct bauta_bytes){unit, sizeof(unit)}, n * STEP_US));
        assert_int_equal(sizeof(unit), out.size);
        assert_memory_equal(unit, out.data, out.size);
    }
    bauta_protector_free(&p);
    bt_frame_clear(&given);
    bt_frame_clear(&kept);
    scene_clear(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_hidden_until_somebody_has_looked),
        cmocka_unit_test(who_was_found_is_hidden_and_followed_while_nobody_looks),
        cmocka_unit_test(everything_is_hidden_where_nobody_looked_near),
        cmocka_unit_test(a_look_counts_for_pictures_before_it_that_are_near),
        cmocka_unit_test(late_sights_cover_where_people_may_be_now),
        cmocka_unit_test(another_scene_is_hidden_until_somebody_has_looked_at_it),
        cmocka_unit_test(what_was_found_before_the_first_picture_counts_for_nothing),
        cmocka_unit_test(sights_that_make_no_sense_count_as_none),
        cmocka_unit_test(a_picture_can_wait_for_what_is_found_after_it),
        cmocka_unit_test(heads_are_where_they_are_shown),
        cmocka_unit_test(another_view_begins_another_scene),
        cmocka_unit_test(what_is_not_kept_is_masked_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

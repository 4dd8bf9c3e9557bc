/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

/* What is hidden, and for how long. */

static void a_mask_is_held_for_hold_us_and_not_longer(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    scene_stand(&s, 100, 100, 10);
    int64_t last_sight_us = s.pts_us - STEP_US;
    for (int i = 0; i < 30; i++) {
        int64_t age_us = s.pts_us - last_sight_us;
        scene_step(&s);
        if (age_us <= s.settings.hold_us) {
            assert_non_null(scene_find(&s, BAUTA_CLASS_BODY, 1));
            assert_non_null(scene_find(&s, BAUTA_CLASS_HEAD, 1));
        } else {
            assert_int_equal(0, s.out.n_items);
        }
    }
    scene_close(&s);
}

static void a_held_mask_grows_with_each_picture(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    scene_stand(&s, 100, 100, 10);
    struct bt_box last = s.out.items[0].box;
    for (int64_t end_us = s.pts_us + s.settings.hold_us - STEP_US; s.pts_us < end_us;) {
        scene_step(&s);
        assert_int_equal(1, s.out.n_items);
        assert_true(box_holds(s.out.items[0].box, last));
        assert_true(s.out.items[0].box.w > last.w && s.out.items[0].box.h > last.h);
        last = s.out.items[0].box;
    }
    scene_close(&s);
}

static void nobody_looked_is_like_nobody_found_and_hides_no_less(void **state)
{
    (void)state;
    struct scene seeing, blind;
    scene_open(&seeing, BAUTA_MASK_BOTH);
    scene_open(&blind, BAUTA_MASK_BOTH);
    scene_stand(&seeing, 100, 100, 5);
    scene_stand(&blind, 100, 100, 5);
    for (int64_t end_us = seeing.pts_us + seeing.settings.hold_us - STEP_US;
         seeing.pts_us < end_us;) {
        scene_step(&seeing);
        scene_step_blind(&blind);
        assert_int_equal(2, blind.out.n_items);
        for (int k = 0; k < 2; k++) {
            assert_true(box_holds(blind.out.items[k].box, seeing.out.items[k].box));
            assert_true(blind.out.items[k].source == BAUTA_SOURCE_PREDICTED ||
                        blind.out.items[k].source == BAUTA_SOURCE_HELD);
        }
    }
    scene_close(&seeing);
    scene_close(&blind);
}

static void sources_tell_how_old_the_last_sight_is(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    scene_stand(&s, 100, 100, 5);
    assert_int_equal(BAUTA_SOURCE_DETECTED, s.out.items[0].source);
    scene_step(&s);
    assert_int_equal(BAUTA_SOURCE_PREDICTED, s.out.items[0].source);
    for (int i = 0; i < 3; i++)
        scene_step(&s);
    assert_int_equal(BAUTA_SOURCE_HELD, s.out.items[0].source);
    scene_stand(&s, 100, 100, 1);
    assert_int_equal(BAUTA_SOURCE_DETECTED, s.out.items[0].source);
    assert_int_equal(1, s.out.items[0].target);
    scene_close(&s);
}

static void every_strong_sight_is_hidden_wherever_it_jumps(void **state)
{
    (void)state;
    const unsigned seed = 20091;
    print_message("# seed %u\n", seed);
    srand(seed);
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    for (int i = 0; i < 300; i++) {
        struct bt_box boxes[6];
        for (int k = 0; k < 6; k++) {
            boxes[k] = (struct bt_box){(float)(rand() % (WIDTH - 60)), (float)(rand() % 300),
                                       (float)(20 + rand() % 60), (float)(40 + rand() % 140)};
            s.found.items[s.found.n_items++] =
                (struct bt_detection){boxes[k], BAUTA_CLASS_BODY, 0.6f, false, -1, false};
        }
        scene_step(&s);
        for (int k = 0; k < 6; k++) {
            bool hidden = false;
            for (int n = 0; n < s.out.n_items; n++)
                hidden |= box_holds(s.out.items[n].box, boxes[k]);
            assert_true(hidden || s.out.n_dropped > 0);
        }
    }
    scene_close(&s);
}

static void a_box_follows_outward_at_once_and_inward_by_and_by(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    scene_stand(&s, 100, 100, 10);
    const struct bt_detection half = {{100, 100, 40, 60}, BAUTA_CLASS_BODY, 0.8f, false, -1, false};
    s.found.items[s.found.n_items++] = half;
    scene_step(&s);
    assert_true(s.out.items[0].box.h > 80); /* not half a person at once */
    for (int i = 0; i < 20; i++) {
        s.found.items[s.found.n_items++] = half;
        scene_step(&s);
    }
    assert_true(s.out.items[0].box.h < 80);
    scene_stand(&s, 100, 100, 1);
    assert_true(box_holds(s.out.items[0].box, (struct bt_box){100, 100, 40, 120}));
    scene_close(&s);
}

static void only_the_wanted_classes_are_given(void **state)
{
    (void)state;
    const unsigned sets[] = {BAUTA_MASK_FACE, BAUTA_MASK_BODY, BAUTA_MASK_BOTH};
    for (int i = 0; i < 3; i++) {
        struct scene s;
        scene_open(&s, sets[i]);
        for (int k = 0; k < 20; k++) {
            scene_add_body(&s, 100, 100, 0.8f);
            if (k > 5 && k < 10)
                scene_add_face(&s, (struct bt_box){112, 104, 16, 18}, 0, true);
            scene_step(&s);
            assert_true(s.out.n_items > 0);
            for (int n = 0; n < s.out.n_items; n++)
                assert_true(sets[i] & 1u << s.out.items[n].class_);
        }
        scene_close(&s);
    }
}

static void an_unsure_face_does_not_replace_the_head(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_FACE);
    struct bt_box face = {125, 95, 30, 20}; /* partly outside the estimate */
    for (int i = 0; i < 5; i++) {
        scene_add_body(&s, 100, 100, 0.8f);
        scene_add_face(&s, face, 0, false);
        scene_step(&s);
        const struct bt_sighting *head = scene_find(&s, BAUTA_CLASS_HEAD, 1);
        assert_non_null(head);
        assert_true(box_holds(head->box, face));
        assert_true(
            box_holds(head->box, bt_tracker_estimate_head((struct bt_box){100, 100, 40, 120})));
    }
    scene_close(&s);
}

static void a_face_moves_on_with_its_body_and_then_the_head_is_estimated(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_FACE);
    int64_t last_face_us = 0;
    for (int i = 0; i < 30; i++) {
        float x = 100.0f + 6.0f * (float)i;
        struct bt_box face = {x + 12, 104, 16, 18};
        int64_t pts_us = s.pts_us;
        scene_add_body(&s, x, 100, 0.8f);
        if (i < 10) {
            scene_add_face(&s, face, 0, true);
            last_face_us = pts_us;
        }
        scene_step(&s);
        bool face_held = pts_us - last_face_us <= s.settings.face_hold_us;
        const struct bt_sighting *g =
            scene_find(&s, face_held ? BAUTA_CLASS_FACE : BAUTA_CLASS_HEAD, 1);
        assert_non_null(g);
        assert_int_equal(1, s.out.n_items);
        if (face_held)
            assert_true(box_holds(g->box, face));
    }
    scene_close(&s);
}

/* Sums that do not depend on the order of regions. */
static double sum_of(const struct bt_sightings *out)
{
    double sum = 0;
    for (int i = 0; i < out->n_items; i++) {
        const struct bt_box *b = &out->items[i].box;
        sum += b->x * 3.0 + b->y * 5.0 + b->w * 7.0 + b->h * 11.0 + (double)out->items[i].class_;
    }
    return sum;
}

static void the_order_of_detections_does_not_matter(void **state)
{
    (void)state;
    const unsigned seed = 4650;
    print_message("# seed %u\n", seed);
    srand(seed);
    struct scene forth, back;
    scene_open(&forth, BAUTA_MASK_BOTH);
    scene_open(&back, BAUTA_MASK_BOTH);
    for (int i = 0; i < 100; i++) {
        float boxes[9][3];
        for (int k = 0; k < 9; k++) {
            boxes[k][0] = 60.0f * (float)k + 3.0f * (float)(i % 30) + (float)(rand() % 500) / 100;
            boxes[k][1] = 100.0f + (float)(rand() % 500) / 100;
            boxes[k][2] = (float)(15 + rand() % 80) / 100;
        }
        for (int k = 0; k < 9; k++) {
            scene_add_body(&forth, boxes[k][0], boxes[k][1], boxes[k][2]);
            scene_add_body(&back, boxes[8 - k][0], boxes[8 - k][1], boxes[8 - k][2]);
        }
        scene_step(&forth);
        scene_step(&back);
        assert_int_equal(forth.out.n_items, back.out.n_items);
        assert_true(abs((int)(100 * (sum_of(&forth.out) - sum_of(&back.out)))) <= 1);
    }
    scene_close(&forth);
    scene_close(&back);
}

static void more_people_than_regions_are_counted_as_dropped(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    const int n = BT_MAX_REGIONS / 2 + 9;
    for (int i = 0; i < n; i++)
        scene_add_body(&s, 30.0f * (float)(i % 20), 30.0f * (float)(i / 20), 0.8f);
    scene_step(&s);
    assert_int_equal(BT_MAX_REGIONS, s.out.n_items);
    assert_int_equal(2 * n - BT_MAX_REGIONS, s.out.n_dropped);
    scene_close(&s);
}

/* Somebody for whom there was no place is there until somebody looks again, and was there before.
 */
static void who_found_no_place_hides_the_pictures_around(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    scene_stand(&s, 100, 100, 1);
    assert_int_equal(0, s.out.n_dropped);
    s.found.n_dropped = 7;
    scene_stand(&s, 100, 100, 1);
    assert_true(s.out.n_dropped > 0);
    scene_step_blind(&s);
    assert_true(s.out.n_dropped > 0);
    s.found.n_dropped = 0;
    scene_stand(&s, 100, 100, 1);
    assert_int_equal(0, s.out.n_dropped);
    scene_close(&s);
}

static void who_has_left_the_picture_is_not_held(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    for (int i = 0; i < 10; i++) { /* overlapping steps: one person, seen clearly and often */
        scene_add_body(&s, 500.0f + 15.0f * (float)i, 100, 0.8f);
        scene_step(&s);
        assert_int_equal(1, s.out.n_items);
        assert_int_equal(1, s.out.items[0].target);
    }
    scene_step(&s); /* the last 5 pixels are passed, and hold_us is far from over */
    scene_step(&s);
    assert_int_equal(0, s.out.n_items);
    scene_close(&s);
}

static float random_below(float most)
{
    return most * (float)rand() / ((float)RAND_MAX + 1);
}

static bool is_hidden(const struct scene *s, struct bt_box box)
{
    for (int i = 0; i < s->out.n_items; i++)
        if (box_holds(s->out.items[i].box, box))
            return true;
    return false;
}

/* Bodies stand anywhere, faces in them and beside them, sure and unsure, two in one body. */
static void whatever_is_found_is_hidden_in_the_same_picture(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    srand(1);
    for (int picture = 0; picture < 300; picture++) {
        struct bt_box faces[8];
        struct bt_detection bodies[4];
        int n_bodies = rand() % 4, n_faces = rand() % 8;
        for (int i = 0; i < n_bodies; i++)
            scene_add_body(&s, 100.0f * (float)(rand() % 5) + random_below(20),
                           100 + random_below(20), 0.2f + random_below(0.7f));
        for (int i = 0; i < n_faces; i++) {
            int body = n_bodies > 0 ? rand() % (n_bodies + 1) - 1 : -1;
            struct bt_box near = body >= 0 ? s.found.items[body].box
                                           : (struct bt_box){random_below(500), 100, 40, 120};
            faces[i] = (struct bt_box){near.x + random_below(20), near.y + random_below(50), 20,
                                       20 + random_below(10)};
            scene_add_face(&s, faces[i], body, rand() % 2);
        }
        memcpy(bodies, s.found.items, sizeof(bodies));
        scene_step(&s);
        for (int i = 0; i < n_bodies; i++)
            assert_true(bodies[i].score < s.settings.begin || is_hidden(&s, bodies[i].box));
        for (int i = 0; i < n_faces; i++)
            assert_true(s.out.n_dropped || is_hidden(&s, faces[i]));
    }
    scene_close(&s);
}

static void a_passer_by_does_not_take_the_mask_of_a_face_away(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_FACE);
    const struct bt_box own = {112, 104, 16, 20}, other = {140, 150, 16, 20};
    for (int i = 0; i < 5; i++) {
        scene_add_body(&s, 100, 100, 0.8f);
        scene_add_face(&s, own, 0, true);
        scene_step(&s);
    }
    scene_add_body(&s, 100, 100, 0.8f); /* turns away, while somebody passes in front */
    scene_add_face(&s, other, 0, true);
    scene_step(&s);
    assert_true(is_hidden(&s, own) && is_hidden(&s, other));
    scene_add_body(&s, 100, 100, 0.8f); /* both seen; the other better or first */
    scene_add_face(&s, other, 0, true);
    scene_add_face(&s, own, 0, true);
    scene_step(&s);
    assert_true(is_hidden(&s, own) && is_hidden(&s, other));
    assert_int_equal(2, s.out.n_items);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_found_is_hidden_in_the_same_picture),
        cmocka_unit_test(a_passer_by_does_not_take_the_mask_of_a_face_away),
        cmocka_unit_test(a_mask_is_held_for_hold_us_and_not_longer),
        cmocka_unit_test(a_held_mask_grows_with_each_picture),
        cmocka_unit_test(nobody_looked_is_like_nobody_found_and_hides_no_less),
        cmocka_unit_test(sources_tell_how_old_the_last_sight_is),
        cmocka_unit_test(every_strong_sight_is_hidden_wherever_it_jumps),
        cmocka_unit_test(a_box_follows_outward_at_once_and_inward_by_and_by),
        cmocka_unit_test(only_the_wanted_classes_are_given),
        cmocka_unit_test(an_unsure_face_does_not_replace_the_head),
        cmocka_unit_test(a_face_moves_on_with_its_body_and_then_the_head_is_estimated),
        cmocka_unit_test(the_order_of_detections_does_not_matter),
        cmocka_unit_test(more_people_than_regions_are_counted_as_dropped),
        cmocka_unit_test(who_found_no_place_hides_the_pictures_around),
        cmocka_unit_test(who_has_left_the_picture_is_not_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

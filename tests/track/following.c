/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

/* Who is who: numbers last, whatever the detector does. */

static void a_person_is_hidden_in_the_first_picture_of_a_strong_sight(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    scene_add_body(&s, 100, 100, 0.35f);
    scene_step(&s);
    const struct bt_sighting *body = scene_find(&s, BAUTA_CLASS_BODY, 1);
    const struct bt_sighting *head = scene_find(&s, BAUTA_CLASS_HEAD, 1);
    assert_non_null(body);
    assert_non_null(head);
    assert_true(box_holds(body->box, (struct bt_box){100, 100, 40, 120}));
    assert_int_equal(BAUTA_SOURCE_DETECTED, body->source);
    assert_int_equal(BAUTA_SOURCE_ESTIMATED, head->source);
    scene_close(&s);
}

static void a_weak_sight_begins_nobody(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    scene_add_body(&s, 100, 100, s.settings.begin - 0.01f);
    scene_step(&s);
    assert_int_equal(0, s.out.n_items);
    scene_close(&s);
}

static void a_weak_sight_carries_on_who_was_seen_clearly(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    scene_stand(&s, 100, 100, 5);
    for (int i = 0; i < 40; i++) { /* much longer than any mask is held */
        scene_add_body(&s, 100, 100, 0.16f);
        scene_step(&s);
        assert_int_equal(1, s.out.n_items);
        assert_int_equal(1, s.out.items[0].target);
    }
    scene_close(&s);
}

static void a_number_lasts_over_missed_pictures(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    for (int i = 0; i < 60; i++) {
        float x = 50.0f + 6.0f * (float)i;
        if (i < 8 || i % 4 == 0)
            scene_add_body(&s, x, 100, 0.8f);
        scene_step(&s);
        assert_int_equal(1, s.out.n_items);
        assert_int_equal(1, s.out.items[0].target);
        assert_true(scene_who_is_at(&s, x + 20, 112) == 1);
    }
    scene_close(&s);
}

/* `gap` pictures in which the two are one to the detector, and only the nearer one is found. */
static void let_two_cross(int gap)
{
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    uint32_t right_goer = 0, left_goer = 0;
    for (int i = 0; i < 60; i++) {
        float x = 100.0f + 6.0f * (float)i, back = 454.0f - 6.0f * (float)i;
        bool one_hidden = i >= 30 - gap && i < 30 + gap;
        scene_add_body(&s, x, 100, 0.8f);
        if (!one_hidden)
            scene_add_body(&s, back, 108, 0.8f);
        scene_step(&s);
        if (i == 5) {
            right_goer = scene_who_is_at(&s, x + 20, 160);
            left_goer = scene_who_is_at(&s, back + 20, 160);
        }
    }
    assert_true(right_goer != 0 && left_goer != 0 && right_goer != left_goer);
    assert_int_equal(right_goer, scene_who_is_at(&s, 100 + 6 * 59 + 20, 160));
    assert_int_equal(left_goer, scene_who_is_at(&s, 454 - 6 * 59 + 20, 160));
    scene_close(&s);
}

static void numbers_last_when_people_cross(void **state)
{
    (void)state;
    let_two_cross(0);
}

static void numbers_last_when_one_hides_the_other(void **state)
{
    (void)state;
    let_two_cross(2);
}

static void a_persons_face_head_and_body_have_one_number(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    scene_stand(&s, 300, 100, 1); /* somebody else, so that the number is not 1 by chance */
    for (int i = 0; i < 3; i++) {
        scene_add_body(&s, 300, 100, 0.8f);
        scene_add_body(&s, 100, 100, 0.7f);
        if (i == 2)
            scene_add_face(&s, (struct bt_box){112, 104, 16, 18}, 1, true);
        scene_step(&s);
        assert_non_null(scene_find(&s, BAUTA_CLASS_BODY, 2));
        assert_non_null(scene_find(&s, i == 2 ? BAUTA_CLASS_FACE : BAUTA_CLASS_HEAD, 2));
    }
    scene_close(&s);
}

static void a_face_without_a_body_is_somebody(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BOTH);
    for (int i = 0; i < 10; i++) {
        float x = 200.0f + 3.0f * (float)i;
        struct bt_box face = {x, 100, 30, 36};
        scene_add_face(&s, face, -1, i % 2);
        scene_step(&s);
        assert_int_equal(1, s.out.n_items);
        assert_int_equal(1, s.out.items[0].target);
        assert_int_equal(BAUTA_CLASS_FACE, s.out.items[0].class_);
        assert_true(box_holds(s.out.items[0].box, face));
    }
    scene_close(&s);
}

static void numbers_are_never_used_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, BAUTA_MASK_BODY);
    for (uint32_t person = 1; person <= 5; person++) {
        scene_stand(&s, 100, 100, 4);
        assert_int_equal(1, s.out.n_items);
        assert_int_equal(person, s.out.items[0].target);
        for (int i = 0; i < 30; i++)
            scene_step(&s);
        assert_int_equal(0, s.out.n_items);
    }
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_hidden_in_the_first_picture_of_a_strong_sight),
        cmocka_unit_test(a_weak_sight_begins_nobody),
        cmocka_unit_test(a_weak_sight_carries_on_who_was_seen_clearly),
        cmocka_unit_test(a_number_lasts_over_missed_pictures),
        cmocka_unit_test(numbers_last_when_people_cross),
        cmocka_unit_test(numbers_last_when_one_hides_the_other),
        cmocka_unit_test(a_persons_face_head_and_body_have_one_number),
        cmocka_unit_test(a_face_without_a_body_is_somebody),
        cmocka_unit_test(numbers_are_never_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

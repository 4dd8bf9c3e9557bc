/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>

#include "base/frame.h"
#include "base/view.h"

/* Stored pixels and shown ones. */

enum { WIDTH = 96, HEIGHT = 64 };

static const struct bauta_view shapes[] = {{.turn = 0},
                                           {.pixel_width = 2, .pixel_height = 1},
                                           {.pixel_width = 12, .pixel_height = 11},
                                           {.pixel_width = 1, .pixel_height = 2}};

/* All turns, mirrored or not, in every shape. */
enum { N_VIEWS = 4 * 2 * 4 };
static struct bauta_view view_number(int i)
{
    struct bauta_view v = shapes[i / 8];
    v.turn = 90 * (i % 4);
    v.mirrored = i / 4 % 2 == 1;
    return v;
}

static void paint(const struct bauta_picture *p)
{
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < p->height >> (i > 0); y++)
            for (int x = 0; x < p->width >> (i > 0); x++)
                p->planes[i][y * p->strides[i] + x] = (uint8_t)(x * 7 + y * 13 + i);
}

static void there_and_back_is_the_same(void **state)
{
    (void)state;
    const struct bt_box box = {10, 20, 30, 7};
    for (int i = 0; i < N_VIEWS; i++) {
        struct bt_view v;
        struct bauta_view view = view_number(i);
        bt_view_init(&v, &view, WIDTH, HEIGHT);
        struct bt_box shown = bt_view_show(&v, box), back = bt_view_store(&v, shown);
        assert_true(fabsf(back.x - box.x) < 1e-3f && fabsf(back.y - box.y) < 1e-3f);
        assert_true(fabsf(back.w - box.w) < 1e-3f && fabsf(back.h - box.h) < 1e-3f);
        assert_true(shown.x >= 0 && shown.y >= 0 &&
                    shown.x + shown.w <= (float)v.shown_width + 1e-3f &&
                    shown.y + shown.h <= (float)v.shown_height + 1e-3f);
        struct bauta_rect r = {10, 20, 30, 7};
        struct bauta_rect same = bt_view_unturn_rect(&v, bt_view_turn_rect(&v, r));
        assert_memory_equal(&r, &same, sizeof(r));
    }
}

static void a_part_keeps_its_share_of_the_picture(void **state)
{
    (void)state;
    const struct bt_box box = {10, 20, 30, 7};
    for (int i = 0; i < N_VIEWS; i++) {
        struct bt_view v;
        struct bauta_view view = view_number(i);
        bt_view_init(&v, &view, WIDTH, HEIGHT);
        struct bt_box b = bt_view_show(&v, box);
        double share = (double)b.w * (double)b.h / v.shown_width / v.shown_height;
        assert_true(fabs(share - 30.0 * 7 / WIDTH / HEIGHT) < 1e-5);
    }
}

static void pixels_become_square_by_stretching(void **state)
{
    (void)state;
    struct bt_view v;
    bt_view_init(&v, &(struct bauta_view){.pixel_width = 2, .pixel_height = 1}, 48, 64);
    assert_int_equal(96, v.shown_width);
    assert_int_equal(64, v.shown_height);
    bt_view_init(&v, &(struct bauta_view){90, false, 1, 2}, 32, 96);
    assert_int_equal(192, v.shown_width);
    assert_int_equal(32, v.shown_height);
    bt_view_init(&v, &(struct bauta_view){0, false, 1, 1000}, 32, 96);
    assert_int_equal(96, v.shown_height); /* no picture has such pixels */
}

/* A sample and the rectangle around it go to the same place, in all planes. */
static void pixels_go_where_their_rectangles_go(void **state)
{
    (void)state;
    struct bt_frame stored, turned;
    check_ok(bt_frame_init(&stored, WIDTH, HEIGHT));
    paint(&stored.picture);
    for (int i = 0; i < 8; i++) {
        struct bt_view v;
        struct bauta_view view = view_number(i);
        bt_view_init(&v, &view, WIDTH, HEIGHT);
        check_ok(bt_frame_init(&turned, v.turned_width, v.turned_height));
        bt_view_turn_picture(&v, &turned.picture, &stored.picture);
        for (int y = 0; y < HEIGHT; y += 2)
            for (int x = 0; x < WIDTH; x += 2) {
                struct bauta_rect r = bt_view_turn_rect(&v, (struct bauta_rect){x, y, 2, 2});
                for (int k = 1; k < 3; k++)
                    assert_int_equal(
                        stored.picture.planes[k][y / 2 * stored.picture.strides[k] + x / 2],
                        turned.picture.planes[k][r.y / 2 * turned.picture.strides[k] + r.x / 2]);
                r = bt_view_turn_rect(&v, (struct bauta_rect){x, y, 1, 1});
                assert_int_equal(stored.picture.planes[0][y * stored.picture.strides[0] + x],
                                 turned.picture.planes[0][r.y * turned.picture.strides[0] + r.x]);
            }
        bt_frame_clear(&turned);
    }
    bt_frame_clear(&stored);
}

/* One view after the other shows what their sum shows. */
static void views_add_up(void **state)
{
    (void)state;
    const struct bauta_rect r = {10, 20, 30, 7};
    for (int a = 0; a < 8; a++)
        for (int b = 0; b < 8; b++) {
            struct bt_view first, then, sum;
            struct bauta_view one = view_number(a), two = view_number(b);
            struct bauta_view both = bauta_view_add(&one, &two);
            bt_view_init(&first, &one, WIDTH, HEIGHT);
            bt_view_init(&then, &two, first.turned_width, first.turned_height);
            bt_view_init(&sum, &both, WIDTH, HEIGHT);
            struct bauta_rect stepwise = bt_view_turn_rect(&then, bt_view_turn_rect(&first, r));
            struct bauta_rect at_once = bt_view_turn_rect(&sum, r);
            assert_memory_equal(&stepwise, &at_once, sizeof(r));
        }
}

/* What is left after a part of it was done comes to the same. */
static void a_rest_completes_what_was_done(void **state)
{
    (void)state;
    for (int a = 0; a < N_VIEWS; a++)
        for (int b = 0; b < 8; b++) {
            struct bauta_view whole = view_number(a), done = view_number(b);
            struct bauta_view rest = bt_view_rest(&whole, &done);
            struct bauta_view both = bauta_view_add(&done, &rest), undo = bt_view_undo(&done);
            struct bauta_view nothing = bauta_view_add(&done, &undo);
            struct bt_view one, two;
            assert_int_equal(whole.turn, both.turn);
            assert_int_equal(whole.mirrored, both.mirrored);
            assert_true(bt_view_is_upright(&nothing));
            bt_view_init(&one, &done, WIDTH, HEIGHT);
            bt_view_init(&two, &rest, one.turned_width, one.turned_height);
            bt_view_init(&one, &whole, WIDTH, HEIGHT);
            assert_int_equal(one.shown_width, two.shown_width);
            assert_int_equal(one.shown_height, two.shown_height);
        }
}

static void views_that_make_no_sense_are_known(void **state)
{
    (void)state;
    for (int i = 0; i < N_VIEWS; i++) {
        struct bauta_view v = view_number(i);
        assert_true(bauta_view_is_sound(&v));
    }
    const struct bauta_view bad[] = {
        {.turn = 45}, {.turn = -90}, {.turn = 360}, {.pixel_width = 2}, {0, false, -1, -1}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(bauta_view_is_sound(&bad[i]));
    assert_false(bauta_view_is_sound(NULL));
}

static void a_view_is_said_in_words(void **state)
{
    static const struct {
        struct bauta_view view;
        const char *text;
    } says[] = {{{.turn = 0}, "left upright"},
                {{.turn = 270}, "turned by 270 degrees"},
                {{.mirrored = true}, "mirrored"},
                {{.turn = 180, .mirrored = true}, "mirrored and turned by 180 degrees"}};
    (void)state;
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        assert_string_equal(says[i].text, bt_view_text(&says[i].view));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back_is_the_same),
        cmocka_unit_test(a_part_keeps_its_share_of_the_picture),
        cmocka_unit_test(pixels_become_square_by_stretching),
        cmocka_unit_test(pixels_go_where_their_rectangles_go),
        cmocka_unit_test(views_add_up),
        cmocka_unit_test(a_rest_completes_what_was_done),
        cmocka_unit_test(a_view_is_said_in_words),
        cmocka_unit_test(views_that_make_no_sense_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

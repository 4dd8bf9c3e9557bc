/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/family.h"
#include "detect/fuse.h"

/* What outputs mean, on outputs made by hand; and how sights of two networks become one. */

enum { SIDE = 64, N_STRIDES = 3, N_OUTPUTS = 6, CLASSES = 80, BINS = 11 };

static struct bt_candidates candidates;
static struct bt_detections found;

/* NanoDet's outputs for a 64 x 64 input, in which nothing is seen. */
struct nanodet_outputs {
    struct bt_tensor tensors[N_OUTPUTS]; /* scores of the three strides, then sides */
    float scores[N_STRIDES][64 * CLASSES], sides[N_STRIDES][64 * 4 * BINS];
};

static void make_outputs(struct nanodet_outputs *o)
{
    memset(o, 0, sizeof(*o));
    for (int i = 0; i < N_STRIDES; i++) {
        int64_t cells = (SIDE >> (3 + i)) * (SIDE >> (3 + i));
        o->tensors[i] = (struct bt_tensor){"scores", 3, {1, cells, CLASSES}, o->scores[i]};
        o->tensors[3 + i] = (struct bt_tensor){"sides", 3, {1, cells, 4 * BINS}, o->sides[i]};
    }
}

static void put_box(struct nanodet_outputs *o, int stride, int cell, int class_, float score,
                    const int distances[4])
{
    o->scores[stride][cell * CLASSES + class_] = score;
    for (int k = 0; k < 4; k++)
        o->sides[stride][(cell * 4 + k) * BINS + distances[k]] = 100; /* all weight on one bin */
}

static void check_box(struct bt_box expected, struct bt_box got)
{
    const float most = 0.01f;
    if (fabsf(expected.x - got.x) > most || fabsf(expected.y - got.y) > most ||
        fabsf(expected.w - got.w) > most || fabsf(expected.h - got.h) > most)
        fail_msg("%.2f,%.2f %.2fx%.2f, not %.2f,%.2f %.2fx%.2f", (double)got.x, (double)got.y,
                 (double)got.w, (double)got.h, (double)expected.x, (double)expected.y,
                 (double)expected.w, (double)expected.h);
}

static void nanodet_sides_are_counted_from_the_middle_of_a_cell(void **state)
{
    (void)state;
    static struct nanodet_outputs o;
    make_outputs(&o);
    put_box(&o, 0, 3 * 8 + 5, 0, 0.7f, (const int[]){1, 2, 3, 1}); /* cell 5, 3 of stride 8 */
    put_box(&o, 2, 1, 0, 0.6f, (const int[]){1, 0, 0, 1});         /* cell 1, 0 of stride 32 */
    put_box(&o, 1, 2, 7, 0.9f, (const int[]){1, 1, 1, 1});         /* a truck */
    candidates.n_items = 0;
    bt_family_nanodet.decode(&candidates, o.tensors, N_OUTPUTS, SIDE, SIDE, 0.25f);
    assert_int_equal(2, candidates.n_items);
    check_box((struct bt_box){44 - 8, 28 - 16, 8 + 24, 16 + 8}, candidates.items[0].box);
    check_box((struct bt_box){48 - 32, 16, 32, 32}, candidates.items[1].box);
    assert_true(candidates.items[0].score == 0.7f);
}

static void the_order_of_a_models_outputs_does_not_matter(void **state)
{
    (void)state;
    static struct nanodet_outputs o;
    make_outputs(&o);
    put_box(&o, 0, 9, 0, 0.7f, (const int[]){1, 1, 1, 1});
    struct bt_tensor turned[N_OUTPUTS];
    for (int i = 0; i < N_OUTPUTS; i++)
        turned[i] = o.tensors[N_OUTPUTS - 1 - i];
    assert_true(bt_family_nanodet.fits(turned, N_OUTPUTS, SIDE, SIDE));
    candidates.n_items = 0;
    bt_family_nanodet.decode(&candidates, turned, N_OUTPUTS, SIDE, SIDE, 0.25f);
    assert_int_equal(1, candidates.n_items);
    check_box((struct bt_box){4, 4, 16, 16}, candidates.items[0].box);
}

static void outputs_of_other_shapes_do_not_fit(void **state)
{
    (void)state;
    static struct nanodet_outputs o;
    make_outputs(&o);
    assert_true(bt_family_nanodet.fits(o.tensors, N_OUTPUTS, SIDE, SIDE));
    assert_false(bt_family_nanodet.fits(o.tensors, N_OUTPUTS, SIDE, 2 * SIDE));
    assert_false(bt_family_nanodet.fits(o.tensors, N_OUTPUTS - 1, SIDE, SIDE));
    assert_false(bt_family_faceboxes.fits(o.tensors, N_OUTPUTS, SIDE, SIDE));
    o.tensors[1].sides[2] = CLASSES + 1;
    assert_false(bt_family_nanodet.fits(o.tensors, N_OUTPUTS, SIDE, SIDE));
}

static void numbers_that_are_none_find_nobody(void **state)
{
    (void)state;
    static struct nanodet_outputs o;
    make_outputs(&o);
    o.scores[0][0] = NAN;
    put_box(&o, 0, 1, 0, 0.9f, (const int[]){1, 1, 1, 1});
    for (int k = 0; k < BINS; k++)
        o.sides[0][4 * BINS + k] = NAN;
    candidates.n_items = 0;
    bt_family_nanodet.decode(&candidates, o.tensors, N_OUTPUTS, SIDE, SIDE, 0.25f);
    assert_int_equal(0, candidates.n_items);
}

static void faceboxes_boxes_are_shares_of_the_input_top_first(void **state)
{
    (void)state;
    const float boxes[] = {0.25f, 0.5f, 0.5f, 0.75f, 0, 0, 1, 1}, scores[] = {0.8f, 0.1f};
    const struct bt_tensor outputs[] = {{"scores", 2, {1, 2}, scores}, {"b", 3, {1, 2, 4}, boxes}};
    assert_true(bt_family_faceboxes.fits(outputs, 2, 200, 100));
    candidates.n_items = 0;
    bt_family_faceboxes.decode(&candidates, outputs, 2, 200, 100, 0.4f);
    assert_int_equal(1, candidates.n_items);
    check_box((struct bt_box){100, 25, 50, 25}, candidates.items[0].box);
}

static void of_two_that_overlap_the_better_one_stays(void **state)
{
    (void)state;
    candidates.n_items = 0;
    bt_candidates_add(&candidates, (struct bt_box){0, 0, 40, 100}, 0.4f);
    bt_candidates_add(&candidates, (struct bt_box){2, 2, 40, 100}, 0.9f);
    bt_candidates_add(&candidates, (struct bt_box){30, 0, 40, 100}, 0.5f); /* a neighbour */
    bt_candidates_thin(&candidates, 0.5f);
    assert_int_equal(2, candidates.n_items);
    assert_true(candidates.items[0].score == 0.9f && candidates.items[1].score == 0.5f);
}

static void a_flood_of_candidates_is_cut_off_and_counted(void **state)
{
    (void)state;
    candidates.n_items = 0;
    const int n = 20000;
    for (int i = 0; i < n; i++)
        bt_candidates_add(&candidates, (struct bt_box){(float)(20 * i), 0, 10, 10}, 0.5f);
    assert_int_equal(n, candidates.n_items + candidates.n_dropped);
    bt_candidates_thin(&candidates, 0.5f);
    assert_true(candidates.n_items > BT_MAX_DETECTIONS && candidates.n_items < n);
    static struct bt_candidates faces;
    bt_fuse(&found, &candidates, &faces, 0.75f);
    assert_int_equal(BT_MAX_DETECTIONS, found.n_items);
    assert_int_equal(n, found.n_items + found.n_dropped); /* hides the whole picture */
    candidates.n_dropped = 0;
}

static void a_face_belongs_to_the_smallest_body_whose_head_it_may_be(void **state)
{
    (void)state;
    static struct bt_candidates bodies, faces;
    bodies.n_items = faces.n_items = 0;
    bt_candidates_add(&bodies, (struct bt_box){0, 0, 200, 500}, 0.9f);
    bt_candidates_add(&bodies, (struct bt_box){50, 20, 60, 160}, 0.5f);
    bt_candidates_add(&faces, (struct bt_box){70, 30, 20, 24}, 0.8f);
    bt_candidates_add(&faces, (struct bt_box){140, 50, 30, 40}, 0.6f);
    bt_candidates_add(&faces, (struct bt_box){60, 450, 20, 24}, 0.9f); /* at the feet: nobody's */
    bt_fuse(&found, &bodies, &faces, 0.75f);
    assert_int_equal(5, found.n_items);
    for (int i = 2; i < 5; i++) {
        const struct bt_detection *d = &found.items[i];
        assert_int_equal(BAUTA_CLASS_FACE, d->class_);
        assert_int_equal(d->box.x == 70 ? 1 : d->box.x == 140 ? 0 : -1, d->body);
        assert_int_equal(d->score >= 0.75f, d->sure);
    }
}

static void a_tiny_face_is_never_sure(void **state)
{
    (void)state;
    static struct bt_candidates bodies, faces;
    bodies.n_items = faces.n_items = 0;
    bt_candidates_add(&bodies, (struct bt_box){100, 100, 30, 80}, 0.8f);
    bt_candidates_add(&bodies, (struct bt_box){300, 100, 90, 260}, 0.8f);
    bt_candidates_add(&faces, (struct bt_box){110, 102, 9, 10}, 0.99f);
    bt_candidates_add(&faces, (struct bt_box){330, 105, 24, 30}, 0.99f);
    bt_fuse(&found, &bodies, &faces, 0.75f);
    assert_int_equal(4, found.n_items);
    for (int i = 2; i < 4; i++) { /* both are somebody's, and only the large one is enough */
        assert_true(found.items[i].body >= 0);
        assert_int_equal(found.items[i].box.h == 30, found.items[i].sure);
    }
}

static void a_face_found_twice_is_one(void **state)
{
    (void)state;
    static struct bt_candidates bodies, faces;
    bodies.n_items = faces.n_items = 0;
    bt_candidates_add(&faces, (struct bt_box){100, 100, 40, 40}, 0.6f);
    bt_candidates_add(&faces, (struct bt_box){104, 98, 40, 44}, 0.9f);  /* overlaps much */
    bt_candidates_add(&faces, (struct bt_box){110, 110, 10, 12}, 0.5f); /* inside */
    bt_candidates_add(&faces, (struct bt_box){150, 100, 40, 40}, 0.5f); /* beside */
    bt_fuse(&found, &bodies, &faces, 0.75f);
    assert_int_equal(2, found.n_items);
    assert_true(found.items[0].score == 0.9f && found.items[1].box.x == 150);
}

static void a_head_area_lies_in_the_picture_and_holds_the_upper_body(void **state)
{
    (void)state;
    const struct bt_box bodies[] = {
        {100, 100, 40, 120}, {-10, -20, 60, 180}, {700, 500, 100, 200}, {300, 200, 200, 120}};
    for (int i = 0; i < 4; i++) {
        struct bt_box a = bt_fuse_head_area(bodies[i], 768, 576);
        assert_true(a.x >= 0 && a.y >= 0 && a.x + a.w <= 768 && a.y + a.h <= 576);
        float x = fminf(bodies[i].x + bodies[i].w / 2, 767), y = fmaxf(bodies[i].y, 0) + 2;
        assert_true(x > a.x && x < a.x + a.w && y > a.y && y < a.y + a.h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nanodet_sides_are_counted_from_the_middle_of_a_cell),
        cmocka_unit_test(the_order_of_a_models_outputs_does_not_matter),
        cmocka_unit_test(outputs_of_other_shapes_do_not_fit),
        cmocka_unit_test(numbers_that_are_none_find_nobody),
        cmocka_unit_test(faceboxes_boxes_are_shares_of_the_input_top_first),
        cmocka_unit_test(of_two_that_overlap_the_better_one_stays),
        cmocka_unit_test(a_flood_of_candidates_is_cut_off_and_counted),
        cmocka_unit_test(a_face_belongs_to_the_smallest_body_whose_head_it_may_be),
        cmocka_unit_test(a_tiny_face_is_never_sure),
        cmocka_unit_test(a_face_found_twice_is_one),
        cmocka_unit_test(a_head_area_lies_in_the_picture_and_holds_the_upper_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/family.h"

/*
 * Families whose weights cannot be had for the tests: outputs made by hand, each with one box whose
 * middle is (152, 88) and whose size is 48 x 64, in an input of 256 x 256.
 */
enum { SIDE = 256, N_CASES = 7 };

static const struct bt_box expected = {128, 56, 48, 64};

/* Tensors of one family's outputs. */
struct made {
    struct bt_tensor tensors[9];
    float *values[9];
    int n;
};

static float *add(struct made *m, int n_sides, const int64_t *sides)
{
    struct bt_tensor *t = &m->tensors[m->n];
    size_t count = 1;
    *t = (struct bt_tensor){.name = "output", .n_sides = n_sides};
    for (int i = 0; i < n_sides; i++)
        count *= (size_t)(t->sides[i] = sides[i]);
    m->values[m->n] = calloc(count, sizeof(float));
    assert_non_null(m->values[m->n]);
    t->values = m->values[m->n];
    return m->values[m->n++];
}

static void clear(struct made *m)
{
    for (int i = 0; i < m->n; i++)
        free(m->values[i]);
}

/* Stride 8, second anchor of the cell at (144, 80), that is 18, 10. */
static void make_scrfd(struct made *m)
{
    for (int k = 0; k < 3; k++) /* all scores, then all sides, then points, as in the files */
        for (int i = 0; i < 3; i++) {
            static const int64_t depths[] = {1, 4, 10};
            int grid = SIDE >> (3 + i);
            float *v = add(m, 2, (const int64_t[]){2 * grid * grid, depths[k]});
            int row = 2 * (10 * grid + 18) + 1;
            if (i == 0 && k == 0)
                v[row] = 0.8f;
            if (i == 0 && k == 1)
                memcpy(v + 4 * row, (const float[]){2, 3, 4, 5}, 4 * sizeof(float));
        }
}

/* The cell at (152, 88) is 38, 22 of 64 x 64; its own middle is half a cell further. */
static void make_centerface(struct made *m)
{
    static const int64_t depths[] = {1, 2, 2, 10};
    enum { GRID = SIDE / 4, CELL = 22 * GRID + 38, CELLS = GRID * GRID };
    for (int i = 0; i < 4; i++)
        add(m, 4, (const int64_t[]){1, depths[i], GRID, GRID});
    m->values[0][CELL] = 0.8f;
    m->values[1][CELL] = logf(64 / 4.0f);
    m->values[1][CELLS + CELL] = logf(48 / 4.0f);
    m->values[2][CELL] = m->values[2][CELLS + CELL] = -0.5f;
}

/* Fourth anchor of the cell with the middle (144, 80) of 8 x 8. */
static void make_blazeface(struct made *m)
{
    add(m, 3, (const int64_t[]){1, 512, 1});
    float *scores = add(m, 3, (const int64_t[]){1, 384, 1});
    add(m, 3, (const int64_t[]){1, 512, 16});
    float *boxes = add(m, 3, (const int64_t[]){1, 384, 16});
    int row = 6 * (2 * 8 + 4) + 3;
    for (int i = 0; i < 512; i++)
        m->values[0][i] = -20;
    for (int i = 0; i < 384; i++)
        scores[i] = -20;
    scores[row] = logf(0.8f / 0.2f);
    memcpy(boxes + 16 * row, (const float[]){8, 8, 48, 64}, 4 * sizeof(float));
}

/* Stride 32, after 32 x 32 and 16 x 16 cells: the one at (128, 64) is 4, 2 of 8 x 8. */
static void make_nanodet_plus(struct made *m)
{
    enum { BEFORE = 32 * 32 + 16 * 16, ROW = BEFORE + 2 * 8 + 4, DEPTH = 80 + 32 };
    float *v = add(m, 3, (const int64_t[]){1, BEFORE + 64 + 16, DEPTH});
    v[(size_t)ROW * DEPTH] = 0.8f;
    float *sides = v + (size_t)ROW * DEPTH + 80;
    const float wanted[] = {0, 8 / 32.0f, 48 / 32.0f, 56 / 32.0f};
    for (int i = 0; i < 4; i++) { /* two bins, so that their mean is what is wanted */
        int low = (int)wanted[i];
        float share = wanted[i] - (float)low;
        for (int k = 0; k < 8; k++)
            sides[8 * i + k] = -1000;
        sides[8 * i + low] = share < 1 ? logf(1 - share) : -1000;
        sides[8 * i + low + 1] = share > 0 ? logf(share) : -1000;
    }
}

enum { YOLO_CELLS = 32 * 32 + 16 * 16 + 8 * 8 };

/* Stride 16: the cell 9, 5 begins at (144, 80). */
static void make_yolox(struct made *m)
{
    float *v = add(m, 3, (const int64_t[]){1, YOLO_CELLS, 85});
    float *row = v + (size_t)(32 * 32 + 5 * 16 + 9) * 85;
    memcpy(row, (const float[]){0.5f, 0.5f, logf(3), logf(4), 1, 0.8f}, 6 * sizeof(float));
}

static void make_decoded_yolox(struct made *m)
{
    float *v = add(m, 3, (const int64_t[]){1, YOLO_CELLS, 85});
    memcpy(v + 85 * 77, (const float[]){152, 88, 48, 64, 1, 0.8f}, 6 * sizeof(float));
}

static void make_yolov8(struct made *m)
{
    float *v = add(m, 3, (const int64_t[]){1, 84, YOLO_CELLS});
    const float row[] = {152, 88, 48, 64, 0.8f};
    for (int i = 0; i < 5; i++)
        v[i * YOLO_CELLS + 77] = row[i];
}

static const struct {
    const struct bt_family *family;
    enum bauta_class class_;
    void (*make)(struct made *m);
} cases[N_CASES] = {
    {&bt_family_scrfd, BAUTA_CLASS_FACE, make_scrfd},
    {&bt_family_centerface, BAUTA_CLASS_FACE, make_centerface},
    {&bt_family_blazeface, BAUTA_CLASS_FACE, make_blazeface},
    {&bt_family_nanodet_plus, BAUTA_CLASS_BODY, make_nanodet_plus},
    {&bt_family_yolox, BAUTA_CLASS_BODY, make_yolox},
    {&bt_family_yolox, BAUTA_CLASS_BODY, make_decoded_yolox},
    {&bt_family_yolov8, BAUTA_CLASS_BODY, make_yolov8},
};

static struct bt_candidates candidates;

static void a_box_comes_out_where_it_was_put(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        struct made m = {.n = 0};
        cases[i].make(&m);
        candidates.n_items = 0;
        cases[i].family->decode(&candidates, m.tensors, m.n, SIDE, SIDE, 0.5f);
        const struct bt_box *b = &candidates.items[0].box;
        if (candidates.n_items != 1 || fabsf(b->x - expected.x) > 0.01f ||
            fabsf(b->y - expected.y) > 0.01f || fabsf(b->w - expected.w) > 0.01f ||
            fabsf(b->h - expected.h) > 0.01f || fabsf(candidates.items[0].score - 0.8f) > 1e-4f)
            fail_msg("%s: %d boxes, first %g,%g %gx%g, score %g", cases[i].family->name,
                     candidates.n_items, (double)b->x, (double)b->y, (double)b->w, (double)b->h,
                     (double)candidates.items[0].score);
        clear(&m);
    }
}

static void a_family_is_told_from_the_outputs(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        struct made m = {.n = 0};
        cases[i].make(&m);
        assert_ptr_equal(cases[i].family,
                         bt_family_of(m.tensors, m.n, SIDE, SIDE, cases[i].class_, NULL));
        assert_ptr_equal(cases[i].family, bt_family_of(m.tensors, m.n, SIDE, SIDE, cases[i].class_,
                                                       cases[i].family->name));
        assert_null(bt_family_of(m.tensors, m.n, SIDE, SIDE, cases[i].class_, "yunet"));
        assert_null(bt_family_of(m.tensors, m.n, SIDE + 128, SIDE, cases[i].class_, NULL));
        clear(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_comes_out_where_it_was_put),
        cmocka_unit_test(a_family_is_told_from_the_outputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdlib.h>

#include "verify/spans.h"

/* When somebody was there, whatever the order in which pictures come. */

static void note_all(struct bt_spans *spans, const double *times, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_ok(bt_spans_note(spans, times[i]));
}

static void check_spans(const struct bt_spans *spans, const double (*expected)[2], size_t n)
{
    assert_int_equal(n, spans->n);
    for (size_t i = 0; i < n; i++)
        assert_true(spans->list[i].first_s == expected[i][0] &&
                    spans->list[i].last_s == expected[i][1]);
}

static void a_gap_of_more_than_half_a_second_begins_a_new_span(void **state)
{
    (void)state;
    static const double times[] = {0, 0.5, 1.0, 1.5009765625, 2.0, 9.0};
    static const double expected[][2] = {{0, 1.0}, {1.5009765625, 2.0}, {9.0, 9.0}};
    struct bt_spans spans = {0};
    note_all(&spans, times, 6);
    check_spans(&spans, expected, 3);
    bt_spans_clear(&spans);
    assert_int_equal(0, spans.n);
}

static void a_picture_between_two_spans_joins_them(void **state)
{
    (void)state;
    static const double times[] = {2.0, 1.0, 1.5};
    static const double expected[][2] = {{1.0, 2.0}};
    struct bt_spans spans = {0};
    note_all(&spans, times, 3);
    check_spans(&spans, expected, 1);
    bt_spans_clear(&spans);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void the_order_of_pictures_changes_nothing(void **state)
{
    (void)state;
    enum { N = 500, RUNS = 50 };
    double times[N];
    for (unsigned seed = 1; seed <= RUNS; seed++) {
        struct bt_spans shuffled = {0}, sorted = {0};
        srand(seed);
        for (int i = 0; i < N; i++) /* eighths: sums are exact */
            times[i] = (double)(rand() % 4000) / 8;
        note_all(&shuffled, times, N);
        qsort(times, N, sizeof(times[0]), compare);
        note_all(&sorted, times, N);
        if (shuffled.n != sorted.n)
            fail_msg("seed %u", seed);
        for (size_t i = 0; i < sorted.n; i++) {
            assert_true(shuffled.list[i].first_s == sorted.list[i].first_s &&
                        shuffled.list[i].last_s == sorted.list[i].last_s);
            assert_true(sorted.list[i].first_s <= sorted.list[i].last_s);
            assert_true(i == 0 ||
                        sorted.list[i].first_s - sorted.list[i - 1].last_s > BAUTA_SPAN_GAP_S);
        }
        bt_spans_clear(&shuffled);
        bt_spans_clear(&sorted);
    }
}

static void there_is_an_end_to_them_and_they_stay_in_order(void **state)
{
    (void)state;
    struct bt_spans spans = {0};
    for (int i = 0; i < 3 * BAUTA_MAX_SPANS; i++)
        check_ok(bt_spans_note(&spans, (i % 2 ? 1 : -1) * (double)i));
    assert_int_equal(BAUTA_MAX_SPANS, spans.n);
    for (size_t i = 1; i < spans.n; i++)
        assert_true(spans.list[i - 1].last_s < spans.list[i].first_s);
    assert_true(spans.list[0].first_s == -(3.0 * BAUTA_MAX_SPANS - 2));
    assert_true(spans.list[spans.n - 1].last_s == 3.0 * BAUTA_MAX_SPANS - 1);
    bt_spans_clear(&spans);
}

static void an_inspection_tells_when_each_target_was_there(void **state)
{
    (void)state;
    static struct scene s;
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    scene_make_keys(&s);
    scene_record(&s, scene_protector(&s, &s.codec, NULL));
    check_ok(bauta_inspector_new(&inspector, BAUTA_CODEC_H264));
    for (int n = 0; n < SCENE_PICTURES; n++) /* two go first, then two seconds of nobody */
        check_ok(bauta_inspector_collect(inspector, bt_buffer_view(&s.units[n]),
                                         n < 2 ? n * 0.1 : 2 + n * 0.1));
    bauta_inspector_result(inspector, &found);
    assert_true(found.n_targets > 1);
    for (size_t i = 0; i < found.n_targets; i++) {
        const struct bauta_target_summary *t = &found.targets[i];
        assert_int_equal(2, t->n_spans);
        assert_true(t->spans[0].first_s == t->first_s && t->spans[1].last_s == t->last_s);
        assert_true(t->spans[0].last_s == 0.1 && t->spans[1].first_s == 2.2);
    }
    bauta_inspector_free(&inspector);
    scene_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_of_more_than_half_a_second_begins_a_new_span),
        cmocka_unit_test(a_picture_between_two_spans_joins_them),
        cmocka_unit_test(the_order_of_pictures_changes_nothing),
        cmocka_unit_test(there_is_an_end_to_them_and_they_stay_in_order),
        cmocka_unit_test(an_inspection_tells_when_each_target_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/turn.h>

/* Which way a camera hangs, by what is seen in four positions. */

static struct bauta_sights sight(float score)
{
    return (struct bauta_sights){
        .n_items = 1,
        .items = {{.w = 10, .h = 20, .class_ = BAUTA_CLASS_BODY, .score = score, .body = -1}}};
}

/* Four pictures, in which somebody is seen with these scores at 0, 90, 180 and 270 degrees. */
static struct bauta_turn_guess look(const float scores[4])
{
    struct bauta_turn_guess guess = {.n_looks = {0}};
    for (int n = 0; n < 4; n++)
        for (int i = 0; i < 4; i++) {
            const struct bauta_sights sights = sight(scores[i]);
            bauta_turn_guess_add(&guess, 90 * i, &sights);
        }
    return guess;
}

static void the_position_in_which_people_stand_is_taken(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        float scores[4] = {0.4f, 0.4f, 0.4f, 0.4f};
        int turn = -1;
        scores[i] = 0.9f;
        struct bauta_turn_guess guess = look(scores);
        assert_true(bauta_turn_guess_decide(&guess, &turn));
        assert_int_equal(90 * i, turn);
    }
}

static void nothing_is_decided_without_clear_evidence(void **state)
{
    (void)state;
    static const float unclear[][4] = {
        {0, 0, 0, 0}, {0.2f, 0, 0, 0}, {0.6f, 0.55f, 0, 0}, {0, 0.5f, 0, 0}};
    for (size_t i = 0; i < sizeof(unclear) / sizeof(unclear[0]); i++) {
        int turn;
        struct bauta_turn_guess guess = look(unclear[i]);
        assert_false(bauta_turn_guess_decide(&guess, &turn));
    }
}

static void every_position_must_have_been_looked_at(void **state)
{
    (void)state;
    const float scores[4] = {0.9f, 0.1f, 0.1f, 0.1f};
    const struct bauta_sights more = sight(0.9f);
    int turn;
    struct bauta_turn_guess guess = look(scores);
    bauta_turn_guess_add(&guess, 0, &more);
    assert_false(bauta_turn_guess_decide(&guess, &turn));
    bauta_turn_guess_add(&guess, 45, &more); /* no position: nothing changes */
    assert_int_equal(4, guess.n_looks[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_position_in_which_people_stand_is_taken),
        cmocka_unit_test(nothing_is_decided_without_clear_evidence),
        cmocka_unit_test(every_position_must_have_been_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

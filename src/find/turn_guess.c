/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/turn.h>

/* Measured: docs/detection.md. */
static const float least_score = 0.3f;  /* of a sight that is evidence */
static const double clear_margin = 1.4; /* between the best position and the next */
static const double enough = 1.5;       /* as three clear sights of one person */

void bauta_turn_guess_add(struct bauta_turn_guess *guess, int turn,
                          const struct bauta_sights *sights)
{
    if (turn != 0 && turn != 90 && turn != 180 && turn != 270)
        return;
    guess->n_looks[turn / 90]++;
    for (int i = 0; i < sights->n_items; i++) {
        double score = (double)sights->items[i].score;
        if (sights->items[i].score >= least_score)
            guess->evidence[turn / 90] += score * score;
    }
}

bool bauta_turn_guess_decide(const struct bauta_turn_guess *guess, int *turn)
{
    int best = 0;
    double second = 0;
    for (int i = 1; i < 4; i++)
        if (guess->evidence[i] > guess->evidence[best])
            best = i;
    bool fair = true;
    for (int i = 0; i < 4; i++) {
        fair = fair && guess->n_looks[i] == guess->n_looks[0];
        if (i != best && guess->evidence[i] > second)
            second = guess->evidence[i];
    }
    *turn = 90 * best;
    return fair && guess->evidence[best] >= enough &&
           guess->evidence[best] >= clear_margin * second;
}

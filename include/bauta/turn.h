/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_TURN_H
#define BAUTA_TURN_H

#include <stdbool.h>

#include <bauta/detector.h>

/*
 * Which way a camera's pictures must be turned that says nothing of it. Let a detector look at some
 * pictures in four positions, turned by 0, 90, 180 and 270 degrees (struct bauta_view), and add
 * what it sees each time: networks know upright people best. Start from `{0}`.
 */
struct bauta_turn_guess {
    int n_looks[4];     /* at 0, 90, 180 and 270 degrees */
    double evidence[4]; /* how much looked like people */
};

/* What was seen in one picture at `turn`: 0, 90, 180 or 270; another does nothing. */
BAUTA_API void bauta_turn_guess_add(struct bauta_turn_guess *guess, int turn,
                                    const struct bauta_sights *sights);
/*
 * Whether it can be told by now: people were seen, and in one position so much better than in any
 * other that it is no accident. `*turn` is then that position; otherwise the best one, to be told
 * but not to be acted on. Each picture must have been added in all four positions.
 */
BAUTA_API bool bauta_turn_guess_decide(const struct bauta_turn_guess *guess, int *turn);

#endif

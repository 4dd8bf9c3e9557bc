/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/cut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = BT_CUT_SIDE * BT_CUT_SIDE, SAMPLES = 4 };

/* A light that is switched on differs much and correlates; noise correlates little and differs
 * little. */
static const double most_correlation = 0.5, least_difference = 20;

static void shrink(uint8_t *to, const struct bauta_picture *p)
{
    for (int y = 0; y < BT_CUT_SIDE; y++)
        for (int x = 0; x < BT_CUT_SIDE; x++) {
            int sum = 0;
            for (int i = 0; i < SAMPLES * SAMPLES; i++) {
                int row = (y * SAMPLES + i / SAMPLES) * p->height / (BT_CUT_SIDE * SAMPLES);
                int column = (x * SAMPLES + i % SAMPLES) * p->width / (BT_CUT_SIDE * SAMPLES);
                sum += p->planes[0][row * p->strides[0] + column];
            }
            to[y * BT_CUT_SIDE + x] = (uint8_t)(sum / (SAMPLES * SAMPLES));
        }
}

static double mean_of(const uint8_t *values)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += values[i];
    return sum / N;
}

/* Pearson's; 1 for pictures without any detail. */
static double correlation(const uint8_t *a, const uint8_t *b)
{
    double mean_a = mean_of(a), mean_b = mean_of(b), ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < N; i++) {
        double da = a[i] - mean_a, db = b[i] - mean_b;
        ab += da * db;
        aa += da * da;
        bb += db * db;
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 1;
}

static double difference(const uint8_t *a, const uint8_t *b)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += abs(a[i] - b[i]);
    return sum / N;
}

bool bt_cut_see(struct bt_cut *cut, const struct bt_clear *picture)
{
    uint8_t now[N];
    shrink(now, &picture->picture);
    bool other = cut->some && difference(now, cut->last) > least_difference &&
                 correlation(now, cut->last) < most_correlation;
    memcpy(cut->last, now, sizeof(now));
    cut->some = true;
    return other;
}

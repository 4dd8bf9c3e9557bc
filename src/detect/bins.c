/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/bins.h"

#include <math.h>

float bt_bins_mean(const float *bins, int n)
{
    float most = bins[0], sum = 0, mean = 0;
    for (int k = 1; k < n; k++)
        most = fmaxf(most, bins[k]);
    for (int k = 0; k < n; k++) {
        float weight = expf(bins[k] - most);
        sum += weight;
        mean += weight * (float)k;
    }
    return mean / sum;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_BINS_H
#define BT_BINS_H

/* A distance that a network gives as a distribution over 0 .. n - 1 (generalised focal loss, Li et
 * al. 2020), before the softmax: its mean. */
float bt_bins_mean(const float *bins, int n);

#endif

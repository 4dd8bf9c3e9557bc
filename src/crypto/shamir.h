/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SHAMIR_H
#define BT_SHAMIR_H

#include <stdint.h>

#include <bauta/status.h>

#include "crypto/sizes.h"

/*
 * Shamir's secret sharing (Communications of the ACM 22, 1979) of 32 bytes, each by itself, over
 * GF(2^8) with the polynomial x^8+x^4+x^3+x^2+1, by libgfshare. Share number i, from 1, is the
 * value at x = i.
 */
enum { BT_MAX_SHARES = 16 };

/* Splits `secret` into `n_shares`, of which any `threshold` give it back. BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_shamir_split(uint8_t shares[][BT_KEY_SIZE], int n_shares,
                                                   int threshold,
                                                   const uint8_t secret[BT_KEY_SIZE]);
/* The way back, from `n_shares` of them and their numbers; fewer than the threshold, or false ones,
 * give 32 bytes that tell nothing. */
BAUTA_MUST_CHECK enum bauta_status bt_shamir_combine(uint8_t secret[BT_KEY_SIZE],
                                                     uint8_t shares[][BT_KEY_SIZE],
                                                     const uint8_t *numbers, int n_shares);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RANDOM_H
#define BT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <bauta/status.h>

/* Fills `out` with bytes fit for keys (OpenSSL's generator, seeded by the system).
 * BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_random(uint8_t *out, size_t size);

#endif

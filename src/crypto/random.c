/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/random.h"

#include <limits.h>
#include <openssl/rand.h>

enum bauta_status bt_random(uint8_t *out, size_t size)
{
    if (size > INT_MAX || RAND_priv_bytes(out, (int)size) != 1)
        return BAUTA_ERR_CRYPTO;
    return BAUTA_OK;
}

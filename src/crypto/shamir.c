/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/shamir.h"

#include <stdbool.h>
#include <stdlib.h>
#include <libgfshare.h>

#include <bauta/secrets.h>

#include "crypto/random.h"

/* The library asks for random bytes through a function that cannot fail; predictable coefficients
 * would give the secret away, so this one cannot either. */
static void fill(unsigned char *out, unsigned size)
{
    if (bt_random(out, size))
        abort();
}

enum bauta_status bt_shamir_split(uint8_t shares[][BT_KEY_SIZE], int n_shares, int threshold,
                                  const uint8_t secret[BT_KEY_SIZE])
{
    uint8_t numbers[BT_MAX_SHARES], copy[BT_KEY_SIZE];
    for (int i = 0; i < BT_KEY_SIZE; i++)
        copy[i] = secret[i];
    for (int i = 0; i < n_shares; i++)
        numbers[i] = (uint8_t)(i + 1);
    gfshare_fill_rand = fill;
    gfshare_ctx *context =
        gfshare_ctx_init_enc(numbers, (unsigned)n_shares, (unsigned char)threshold, BT_KEY_SIZE);
    if (context) {
        gfshare_ctx_enc_setsecret(context, copy);
        for (int i = 0; i < n_shares; i++)
            gfshare_ctx_enc_getshare(context, (unsigned char)i, shares[i]);
        gfshare_ctx_free(context); /* overwrites what it held */
    }
    bauta_wipe(copy, sizeof(copy));
    return context ? BAUTA_OK : BAUTA_ERR_CRYPTO;
}

enum bauta_status bt_shamir_combine(uint8_t secret[BT_KEY_SIZE], uint8_t shares[][BT_KEY_SIZE],
                                    const uint8_t *numbers, int n_shares)
{
    uint8_t own_numbers[BT_MAX_SHARES];
    for (int i = 0; i < n_shares; i++)
        own_numbers[i] = numbers[i];
    gfshare_fill_rand = fill;
    gfshare_ctx *context = gfshare_ctx_init_dec(own_numbers, (unsigned)n_shares, BT_KEY_SIZE);
    if (!context)
        return BAUTA_ERR_CRYPTO;
    for (int i = 0; i < n_shares; i++)
        gfshare_ctx_dec_giveshare(context, (unsigned char)i, shares[i]);
    gfshare_ctx_dec_extract(context, secret);
    gfshare_ctx_free(context);
    return BAUTA_OK;
}

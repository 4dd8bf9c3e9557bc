/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <bauta/secrets.h>

void bauta_wipe(void *secret, size_t size)
{
    volatile unsigned char *p = secret; /* volatile: the stores must not be optimised away */
    for (size_t i = 0; p && i < size; i++)
        p[i] = 0;
}

void bauta_wipe_text(char *secret)
{
    if (secret)
        bauta_wipe(secret, strlen(secret));
}

bool bauta_equal_secret(const void *secret, const void *guess, size_t size)
{
    const unsigned char *a = secret, *b = guess;
    volatile unsigned char differs = 0; /* volatile: no early end */
    for (size_t i = 0; i < size; i++)
        differs = (unsigned char)(differs | (a[i] ^ b[i]));
    return !differs;
}

bool bauta_equal_secret_text(const char *secret, const char *guess)
{
    const size_t size = strlen(secret), other = strlen(guess);
    volatile unsigned char differs = size != other;
    for (size_t i = 0; i < size; i++)
        differs = (unsigned char)(differs | (secret[i] ^ (i < other ? guess[i] : 0)));
    return !differs;
}

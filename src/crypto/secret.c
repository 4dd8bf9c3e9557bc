/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <openssl/crypto.h>

#include <bauta/secrets.h>

#include "base/log.h"

/* All keys of a run take some ten thousand bytes; those of a grant can be more. */
enum { HEAP_MOST = 1 << 20, HEAP_LEAST = 1 << 14, PIECE_LEAST = 32 };

void *bt_secret_new(size_t size)
{
    void *secret = OPENSSL_secure_zalloc(size);
    return secret ? secret : OPENSSL_zalloc(size); /* the locked memory is full */
}

void bt_secret_free(void *secret, size_t size)
{
    OPENSSL_secure_clear_free(secret, size);
}

/* A power of two that the process may lock. */
static size_t heap_size(void)
{
    struct rlimit limit;
    size_t size = HEAP_MOST;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        while (size > HEAP_LEAST && size > limit.rlim_cur)
            size /= 2;
    return size;
}

void bauta_secrets_guard(const struct bauta_log *log)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        bt_log(log, BAUTA_LOG_WARNING, "core dumps could not be switched off");
    if (CRYPTO_secure_malloc_initialized())
        return;
    /* 1: locked; 2: made, but not locked; 0: not made */
    if (CRYPTO_secure_malloc_init(heap_size(), PIECE_LEAST) != 1)
        bt_log(log, BAUTA_LOG_WARNING,
               "memory for keys cannot be locked (ulimit -l): it could be swapped out");
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SECRET_H
#define BT_SECRET_H

#include <stddef.h>

/* Zeroed memory for a struct that holds keys: locked and left out of core dumps once the program
 * has called bauta_secrets_guard(), ordinary memory before. NULL without memory. */
void *bt_secret_new(size_t size);
/* Wipes and frees; NULL is fine. */
void bt_secret_free(void *secret, size_t size);

#endif

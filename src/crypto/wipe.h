/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WIPE_H
#define BT_WIPE_H

#include <stddef.h>

/* Overwrites a secret so that no compiler can leave it out. */
void bt_wipe(void *secret, size_t size);

#endif

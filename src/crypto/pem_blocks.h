/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PEM_BLOCKS_H
#define BT_PEM_BLOCKS_H

#include <bauta/bytes.h>
#include <bauta/status.h>

/* One block out of a text with perhaps several (RFC 7468), in memory for secrets. */
struct bt_pem_block {
    char *label, *header;
    uint8_t *data;
    size_t size;
};

/* The first block of one of the labels, which end with NULL; without such a one the first of all;
 * without any `label` is NULL. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status
bt_pem_block_find(struct bt_pem_block *block, const char *const *labels, struct bauta_bytes text);
void bt_pem_block_clear(struct bt_pem_block *block); /* wipes */
/* What the file is that holds this first block, or no block at all, in words: "an SSH key". */
void bt_pem_words(char *words, size_t size, const struct bt_pem_block *block,
                  struct bauta_bytes text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/evidence.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/sign.h"

enum { PIECE = 1 << 16 };

enum bauta_status bauta_evidence_hash_file(uint8_t hash[32], const char *path,
                                           const struct bauta_log *log)
{
    if (!hash || !path)
        return BAUTA_ERR_ARGUMENT;
    FILE *file = fopen(path, "rb");
    if (!file)
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(errno));
    uint8_t piece[PIECE];
    struct bt_hash sum;
    size_t size;
    bt_hash_init(&sum);
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
        bt_hash_add(&sum, (struct bauta_bytes){piece, size});
    int failed = ferror(file);
    fclose(file);
    enum bauta_status status = bt_hash_finish(&sum, hash);
    return failed ? bt_log_fail(log, BAUTA_ERR_IO, "%s: cannot be read", path) : status;
}

enum bauta_status bauta_evidence_sign_file(const char *path, const char *signature_path,
                                           const struct bauta_signing_key *key,
                                           const struct bauta_log *log)
{
    if (!path || !signature_path || !key)
        return BAUTA_ERR_ARGUMENT;
    struct bt_buffer bytes = {0};
    uint8_t signature[BT_SIGNATURE_SIZE];
    enum bauta_status status = bt_grant_file_read(&bytes, path, log);
    if (!status)
        status = bt_sign(signature, key, "", bt_buffer_view(&bytes));
    if (!status)
        status = bt_key_file_write(signature_path, 0644,
                                   (struct bauta_bytes){signature, sizeof(signature)}, log);
    bt_buffer_clear(&bytes);
    return status;
}

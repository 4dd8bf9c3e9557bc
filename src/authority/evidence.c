/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/evidence.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/sign.h"

enum { PIECE = 1 << 16 };

enum bauta_status bauta_evidence_hash_open(uint8_t hash[BT_HASH_SIZE], int file, const char *name,
                                           const struct bauta_log *log)
{
    if (!hash || !name || file < 0)
        return BAUTA_ERR_ARGUMENT;
    uint8_t piece[PIECE];
    struct bt_hash sum;
    ssize_t size;
    off_t at = 0;
    bt_hash_init(&sum);
    while ((size = pread(file, piece, sizeof(piece), at)) > 0 || (size < 0 && errno == EINTR)) {
        if (size < 0)
            continue;
        bt_hash_add(&sum, (struct bauta_bytes){piece, (size_t)size});
        at += size;
    }
    enum bauta_status status = bt_hash_finish(&sum, hash);
    return size < 0 ? bt_log_fail(log, BAUTA_ERR_IO, "%s: cannot be read", name) : status;
}

enum bauta_status bauta_evidence_hash_file(uint8_t hash[BT_HASH_SIZE], const char *path,
                                           const struct bauta_log *log)
{
    if (!hash || !path)
        return BAUTA_ERR_ARGUMENT;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(errno));
    enum bauta_status status = bauta_evidence_hash_open(hash, file, path, log);
    close(file);
    return status;
}

enum bauta_status bauta_evidence_sign(uint8_t signature[BAUTA_SIGNATURE_SIZE],
                                      struct bauta_bytes bytes, const struct bauta_signing_key *key)
{
    if (!signature || !key || (bytes.size && !bytes.data))
        return BAUTA_ERR_ARGUMENT;
    return bt_sign(signature, key, "", bytes);
}

enum bauta_status bauta_evidence_sign_file(const char *path, const char *signature_path,
                                           const struct bauta_signing_key *key,
                                           const struct bauta_log *log)
{
    if (!path || !signature_path || !key)
        return BAUTA_ERR_ARGUMENT;
    struct bt_buffer bytes = {0};
    uint8_t signature[BAUTA_SIGNATURE_SIZE];
    enum bauta_status status = bt_grant_file_read(&bytes, path, log);
    if (!status)
        status = bt_sign(signature, key, "", bt_buffer_view(&bytes));
    if (!status)
        status = bt_key_file_write(signature_path, BAUTA_MODE_DEFAULT,
                                   (struct bauta_bytes){signature, sizeof(signature)}, log);
    bt_buffer_clear(&bytes);
    return status;
}

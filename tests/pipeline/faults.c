/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include "codec/encode.h"
#include "crypto/aead.h"
#include "mux/mux.h"
#include "protect/object_writer.h"

/* Names that the linker gives: __real_X is X, and whoever calls X comes to __wrap_X. */
enum bauta_status __real_bt_object_writers_write(struct bt_object_writers *writers,
                                                 struct bt_record *record,
                                                 const struct bt_object_source *source, int index,
                                                 bool renew);
enum bauta_status __wrap_bt_object_writers_write(struct bt_object_writers *writers,
                                                 struct bt_record *record,
                                                 const struct bt_object_source *source, int index,
                                                 bool renew);
enum bauta_status __real_bt_aead_seal(uint8_t *out, const struct bt_aead *aead,
                                      struct bauta_bytes in);
enum bauta_status __wrap_bt_aead_seal(uint8_t *out, const struct bt_aead *aead,
                                      struct bauta_bytes in);
enum bauta_status __real_bt_encode_push_masked(struct bt_encode *encode,
                                               const struct bt_masked *picture, int64_t pts,
                                               bool random_access);
enum bauta_status __wrap_bt_encode_push_masked(struct bt_encode *encode,
                                               const struct bt_masked *picture, int64_t pts,
                                               bool random_access);
enum bauta_status __real_bt_mux_write_video(struct bt_mux *mux, const struct bt_coded *coded);
enum bauta_status __wrap_bt_mux_write_video(struct bt_mux *mux, const struct bt_coded *coded);

static int calls_left[N_FAULT_PARTS] = {-1, -1, -1, -1};

void fault_at(enum fault_part part, int n)
{
    calls_left[part] = n;
}

static bool fails(enum fault_part part)
{
    if (calls_left[part] > 0)
        calls_left[part]--;
    else if (calls_left[part] == 0)
        return true;
    return false;
}

enum bauta_status __wrap_bt_object_writers_write(struct bt_object_writers *writers,
                                                 struct bt_record *record,
                                                 const struct bt_object_source *source, int index,
                                                 bool renew)
{
    if (fails(FAULT_OBJECT_ENCODE))
        return BAUTA_ERR_CODEC;
    return __real_bt_object_writers_write(writers, record, source, index, renew);
}

enum bauta_status __wrap_bt_aead_seal(uint8_t *out, const struct bt_aead *aead,
                                      struct bauta_bytes in)
{
    return fails(FAULT_SEAL) ? BAUTA_ERR_CRYPTO : __real_bt_aead_seal(out, aead, in);
}

enum bauta_status __wrap_bt_encode_push_masked(struct bt_encode *encode,
                                               const struct bt_masked *picture, int64_t pts,
                                               bool random_access)
{
    if (fails(FAULT_BASE_ENCODE))
        return BAUTA_ERR_CODEC;
    return __real_bt_encode_push_masked(encode, picture, pts, random_access);
}

enum bauta_status __wrap_bt_mux_write_video(struct bt_mux *mux, const struct bt_coded *coded)
{
    return fails(FAULT_WRITE) ? BAUTA_ERR_IO : __real_bt_mux_write_video(mux, coded);
}

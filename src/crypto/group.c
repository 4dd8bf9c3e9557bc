/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/reader.h"
#include "crypto/key.h"
#include "crypto/key_file.h"
#include "crypto/pem_file.h"
#include "crypto/random.h"
#include "crypto/weak_key.h"

static const char label[] = "BAUTA GROUP";

enum { VERSION = 1 };

int bt_group_find(const struct bauta_group *group, const uint8_t public_bytes[BT_RAW_KEY_SIZE])
{
    for (int i = 0; i < group->n_members; i++)
        if (memcmp(group->members[i], public_bytes, BT_RAW_KEY_SIZE) == 0)
            return i;
    return -1;
}

static bool is_sound(const struct bauta_group *g)
{
    for (int i = 0; i < g->n_members; i++) {
        if (bt_group_find(g, g->members[i]) != i)
            return false; /* somebody twice would count for two */
        if (bt_weak_key_check(BT_KEY_X25519, g->members[i]))
            return false; /* a share for everybody, or one more for somebody */
    }
    return g->n_members >= 2 && g->n_members <= BAUTA_MAX_MEMBERS && g->threshold >= 2 &&
           g->threshold <= g->n_members;
}

void bt_group_write(struct bt_buffer *out, const struct bauta_group *g)
{
    bt_buffer_put_u8(out, VERSION);
    bt_buffer_append(out, (struct bauta_bytes){g->id, sizeof(g->id)});
    bt_buffer_put_u8(out, (unsigned)g->threshold);
    bt_buffer_put_u8(out, (unsigned)g->n_members);
    bt_buffer_append(out, (struct bauta_bytes){g->members[0], (size_t)g->n_members * 32});
}

static enum bauta_status write_file(const struct bauta_group *g, const char *path,
                                    const struct bauta_log *log)
{
    struct bt_buffer bytes = {0}, text = {0};
    bt_group_write(&bytes, g);
    bt_pem_write(&text, label, bt_buffer_view(&bytes));
    enum bauta_status status = bt_buffer_status(&text);
    if (!status)
        status = bt_key_file_write(path, BAUTA_MODE_DEFAULT, bt_buffer_view(&text), log);
    bt_buffer_clear(&bytes);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bauta_group_new(const char *path, const struct bauta_public_key *const *members,
                                  int n_members, int threshold, const struct bauta_log *log)
{
    if (!path || !members || n_members < 2 || n_members > BAUTA_MAX_MEMBERS)
        return BAUTA_ERR_ARGUMENT;
    struct bauta_group g = {.threshold = threshold, .n_members = n_members};
    for (int i = 0; i < n_members; i++)
        memcpy(g.members[i], members[i]->bytes, 32);
    if (!is_sound(&g))
        return BAUTA_ERR_ARGUMENT;
    enum bauta_status status = bt_random(g.id, sizeof(g.id));
    return status ? status : write_file(&g, path, log);
}

enum bauta_status bt_group_read(struct bauta_group *g, struct bauta_bytes bytes)
{
    *g = (struct bauta_group){.n_members = 0};
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != VERSION)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    struct bauta_bytes id = bt_reader_take(&r, BT_GROUP_ID);
    g->threshold = bt_reader_u8(&r);
    g->n_members = bt_reader_u8(&r);
    struct bauta_bytes members = bt_reader_take(&r, (size_t)g->n_members * 32);
    if (r.overrun || bt_reader_left(&r) || g->n_members > BAUTA_MAX_MEMBERS)
        return BAUTA_ERR_FORMAT;
    memcpy(g->id, id.data, BT_GROUP_ID);
    if (members.size)
        memcpy(g->members, members.data, members.size);
    return is_sound(g) ? BAUTA_OK : BAUTA_ERR_FORMAT;
}

enum bauta_status bauta_group_parse(struct bauta_group **group, struct bauta_bytes pem,
                                    const char *name, const struct bauta_log *log)
{
    if (!group || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *group = calloc(1, sizeof(**group));
    if (!*group)
        return BAUTA_ERR_MEMORY;
    struct bt_buffer bytes = {0};
    enum bauta_status status = bt_pem_read(&bytes, label, pem, name, log);
    if (!status) {
        status = bt_group_read(*group, bt_buffer_view(&bytes));
        if (status)
            status = bt_log_fail(log, status, "%s: %s", name,
                                 status == BAUTA_ERR_UNSUPPORTED
                                     ? "a group of a later version"
                                     : "a group that is damaged, or has a weak "
                                       "member key or one twice");
    }
    bt_buffer_clear(&bytes);
    if (status)
        bauta_group_free(group);
    return status;
}

enum bauta_status bauta_group_read(struct bauta_group **group, const char *path,
                                   const struct bauta_log *log)
{
    if (!group || !path)
        return BAUTA_ERR_ARGUMENT;
    *group = NULL;
    struct bt_buffer text = {0};
    enum bauta_status status = bt_key_file_read(&text, path, false, log);
    if (!status)
        status = bauta_group_parse(group, bt_buffer_view(&text), path, log);
    bt_buffer_clear(&text);
    return status;
}

void bauta_group_free(struct bauta_group **group)
{
    if (!group)
        return;
    free(*group);
    *group = NULL;
}

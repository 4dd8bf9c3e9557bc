/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bauta/audit.h>

#include "authority/grant.h"
#include "crypto/key.h"
#include "crypto/pem_file.h"
#include "memory_file.h"

/* Law: grants, requests, groups and heads of audit logs are taken or refused with the right status,
 * and a refused one leaves nothing. Whoever holds the grant by its own word opens nothing with
 * another key, and no approval without a real share completes a request. */

static void try_grant(struct bauta_bytes pem)
{
    struct bauta_grant *grant;
    struct bauta_grant_info info;
    enum bauta_status status = bauta_grant_parse(&grant, pem, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (grant != NULL));
    LAW(!status || status == BAUTA_ERR_FORMAT || status == BAUTA_ERR_LIMIT ||
        status == BAUTA_ERR_UNSUPPORTED);
    if (!grant)
        return;
    bauta_grant_tell(&info, grant);
    LAW(info.n_streams > 0 && info.n_epochs > 0 && info.n_keys > 0);
    LAW(info.complete == (info.n_approvals == info.threshold));
    struct bauta_private_key key = {.bytes = {3}};
    memcpy(key.public_bytes, grant->statement.holder, sizeof(key.public_bytes));
    LAW(bauta_grant_check(grant, &key, 0, NULL) != BAUTA_OK);
    bool completed = false;
    for (int i = 0; i < grant->group.n_members && !grant->complete; i++) {
        memcpy(key.public_bytes, grant->group.members[i], sizeof(key.public_bytes));
        LAW(bauta_grant_approve(grant, &completed, &key, NULL) != BAUTA_OK && !completed);
        break; /* after a failure it is not used any more */
    }
    bauta_grant_free(&grant);
}

static void try_group(struct bauta_bytes pem)
{
    struct bauta_group *group;
    enum bauta_status status = bauta_group_parse(&group, pem, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (group != NULL));
    if (group)
        LAW(group->threshold >= 2 && group->threshold <= group->n_members &&
            group->n_members <= BAUTA_MAX_MEMBERS);
    bauta_group_free(&group);
}

static char log_path[] = "/tmp/bauta-fuzz-log-XXXXXX"; /* a log is a file */

static void remove_log(void)
{
    unlink(log_path);
}

static void try_head(struct bauta_bytes pem)
{
    static struct bauta_audit *audit;
    static const struct bauta_signer signer = {{9}, {0}};
    static const struct bauta_audit_row row = {.action = "try", .outcome = "done"};
    uint64_t n_rows;
    if (!audit) {
        int file = mkstemp(log_path);
        LAW(file >= 0 && !close(file) && !bauta_audit_open(&audit, log_path, NULL));
        atexit(remove_log);
        LAW(!bauta_audit_append(audit, &row));
    }
    struct memory_file file;
    memory_file_open(&file, pem);
    enum bauta_status status = bauta_audit_verify(audit, &n_rows, file.path, &signer);
    LAW(status == BAUTA_ERR_FORMAT || status == BAUTA_ERR_TAMPERED);
    memory_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"BAUTA GRANT", "BAUTA GROUP", "BAUTA AUDIT HEAD"};
    struct bauta_bytes bytes = {data, size};
    for (int i = -1; i < 3; i++) {
        struct bt_buffer pem = {0};
        if (i < 0)
            bt_buffer_append(&pem, bytes); /* as a file itself */
        else
            bt_pem_write(&pem, labels[i], bytes);
        if (i < 1)
            try_grant(bt_buffer_view(&pem));
        if (i < 0 || i == 1)
            try_group(bt_buffer_view(&pem));
        if (i < 0 || i == 2)
            try_head(bt_buffer_view(&pem));
        bt_buffer_clear(&pem);
    }
    return 0;
}

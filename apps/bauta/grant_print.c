/* SPDX-License-Identifier: Apache-2.0 */
#include "grant_print.h"

#include <sys/stat.h>

#include <jansson.h>

#include "cli.h"
#include "printable.h"

static void print_whom(const struct bauta_grant_info *i)
{
    printf("allows      ");
    for (int class_ = BAUTA_CLASS_FACE; class_ <= BAUTA_CLASS_BODY; class_++)
        if (i->classes & 1u << class_)
            printf("%s ", bauta_class_name((enum bauta_class)class_));
    printf(i->n_targets ? "of" : "of everybody");
    for (int k = 0; k < i->n_targets; k++)
        printf(" %lu", (unsigned long)i->targets[k]);
    printf(", %.3f s to %.3f s: %llu epoch%s of %d stream%s\n", i->since_s, i->until_s,
           (unsigned long long)i->n_epochs, say_s(i->n_epochs), i->n_streams,
           say_s((unsigned long long)i->n_streams));
}

void grant_print(const char *path, const struct bauta_grant *grant)
{
    struct bauta_grant_info i;
    char text[40], line[6 * 4096];
    struct stat file;
    bauta_grant_tell(&i, grant);
    printf("%s: %s, %lld bytes\n", printable(line, sizeof(line), path),
           i.complete ? "a grant" : "a request for a grant",
           stat(path, &file) == 0 ? (long long)file.st_size : 0LL);
    printf("grant       %s\n", bauta_hex(text, i.id, sizeof(i.id)));
    printf("holder      %s\n", bauta_hex(text, i.holder, sizeof(i.holder)));
    print_whom(&i);
    printf("stream      %s\n", bauta_hex(text, i.stream_id, sizeof(i.stream_id)));
    printf("keys        %llu\n", (unsigned long long)i.n_keys);
    printf("reason      %s\n", printable(line, sizeof(line), i.reason));
    if (*i.case_)
        printf("case        %s\n", printable(line, sizeof(line), i.case_));
    printf("issued      %s\n", cli_print_utc(text, i.issued_ms));
    printf("expires     %s\n", i.expires_ms ? cli_print_utc(text, i.expires_ms) : "never");
    if (i.n_members)
        printf("approvals   %d of %d needed, of %d members\n", i.n_approvals, i.threshold,
               i.n_members);
    for (int k = 0; k < i.n_approvals; k++)
        printf("approved by %s\n", bauta_hex(text, i.approvals[k], BAUTA_KEY_ID_SIZE));
    printf("signed by   %s\n",
           i.is_signed ? bauta_hex(text, i.signer, sizeof(i.signer)) : "nobody");
}

void grant_print_json(const struct bauta_grant *grant)
{
    struct bauta_grant_info i;
    char id[40], holder[40], stream[40], signer[40];
    bauta_grant_tell(&i, grant);
    json_t *targets = json_array(), *classes = json_array(), *approvals = json_array();
    for (int k = 0; k < i.n_targets; k++)
        json_array_append_new(targets, json_integer((json_int_t)i.targets[k]));
    for (int c = BAUTA_CLASS_FACE; c <= BAUTA_CLASS_BODY; c++)
        if (i.classes & 1u << c)
            json_array_append_new(classes, json_string(bauta_class_name((enum bauta_class)c)));
    for (int k = 0; k < i.n_approvals; k++)
        json_array_append_new(approvals,
                              json_string(bauta_hex(signer, i.approvals[k], BAUTA_KEY_ID_SIZE)));
    json_t *all = json_pack(
        "{s:s, s:b, s:s, s:s, s:o, s:o, s:f, s:f, s:I, s:I, s:s, s:s, s:I, s:I, s:i, s:i, s:o, "
        "s:s?}",
        "grant", bauta_hex(id, i.id, sizeof(i.id)), "complete", (int)i.complete, "holder",
        bauta_hex(holder, i.holder, sizeof(i.holder)), "stream",
        bauta_hex(stream, i.stream_id, sizeof(i.stream_id)), "targets", targets, "classes", classes,
        "since", i.since_s, "until", i.until_s, "epochs", (json_int_t)i.n_epochs, "keys",
        (json_int_t)i.n_keys, "reason", i.reason, "case", i.case_, "issued_ms",
        (json_int_t)i.issued_ms, "expires_ms", (json_int_t)i.expires_ms, "threshold", i.threshold,
        "members", i.n_members, "approvals", approvals, "signer",
        i.is_signed ? bauta_hex(signer, i.signer, sizeof(i.signer)) : NULL);
    if (all)
        json_dumpf(all, stdout, JSON_INDENT(2));
    puts("");
    json_decref(all);
}

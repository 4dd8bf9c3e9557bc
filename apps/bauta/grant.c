/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "audit_note.h"
#include "grant_print.h"
#include "people.h"
#include "span.h"

/* A time in the file, or in UTC. */
static bool parse_bound(double *seconds, uint64_t *utc_ms, const struct options *options,
                        enum option_id id)
{
    const char *text = options_get(options, id);
    return !text || cli_parse_time(seconds, text) || cli_parse_utc(utc_ms, text);
}

static bool parse(struct bauta_grant_settings *s, const struct options *options)
{
    const char *expires = options_get(options, OPTION_EXPIRES);
    if (options_has(options, OPTION_KEY) == options_has(options, OPTION_GROUP))
        return cli_usage(&command_grant, "grant needs --key, or --group"), false;
    if (!cli_needs(&command_grant, options, OPTION_HOLDER) ||
        !cli_needs(&command_grant, options, OPTION_OUTPUT) ||
        !audit_has_reason(&command_grant, options, NULL))
        return false;
    if (!parse_bound(&s->since_s, &s->since_utc_ms, options, OPTION_SINCE_UTC) ||
        !parse_bound(&s->until_s, &s->until_utc_ms, options, OPTION_UNTIL_UTC))
        return cli_usage(&command_grant, "--since and --until want seconds, [HH:]MM:SS, or "
                                         "2026-11-24T10:00:00Z"),
               false;
    if ((s->since_utc_ms || s->until_utc_ms) &&
        ((options_has(options, OPTION_SINCE_UTC) && !s->since_utc_ms) ||
         (options_has(options, OPTION_UNTIL_UTC) && !s->until_utc_ms)))
        return cli_usage(&command_grant, "--since and --until must both be UTC, or both not"),
               false;
    if (s->since_s > s->until_s ||
        (s->until_utc_ms && s->since_utc_ms && s->since_utc_ms > s->until_utc_ms))
        return cli_usage(&command_grant, "--since lies after --until"), false;
    if (s->since_s >= s->until_s || (s->until_utc_ms && s->since_utc_ms == s->until_utc_ms))
        return cli_usage(&command_grant, span_is_empty), false;
    if (expires && !cli_parse_utc(&s->expires_ms, expires))
        return cli_usage(&command_grant, "--expires wants a time like 2026-12-24T10:00:00Z"), false;
    s->reason = options_get(options, OPTION_REASON);
    s->case_ = options_get(options, OPTION_CASE);
    s->issued_ms = cli_now_ms();
    if ((s->reason && strlen(s->reason) > 1024) || (s->case_ && strlen(s->case_) > 1024))
        return cli_usage(&command_grant, "--reason and --case may have 1024 bytes"), false;
    if (s->expires_ms && s->expires_ms <= s->issued_ms)
        return cli_usage(&command_grant, "--expires lies in the past"), false;
    return cli_parse_classes(&s->classes, &command_grant, options);
}

/* What the settings point to. */
struct granting {
    struct bauta_private_key *key;
    struct bauta_group *group;
    struct bauta_public_key *recipient;
    struct bauta_signing_key *signing_key;
    struct bauta_grant *grant;
    struct audit_note note;
    struct people people;
};

static int read_keys(struct granting *g, const struct options *options)
{
    const struct bauta_log *log = cli_log(options);
    int status = cli_exit_status(
        bauta_public_key_read(&g->recipient, options_get(options, OPTION_HOLDER), log));
    if (!status && options_has(options, OPTION_GROUP))
        status =
            cli_exit_status(bauta_group_read(&g->group, options_get(options, OPTION_GROUP), log));
    else if (!status)
        status = cli_read_private_key(&g->key, options);
    return status ? status : cli_read_signing_key(&g->signing_key, options);
}

static void tell(const struct bauta_grant *grant, const char *path, const struct options *options)
{
    struct bauta_grant_info info;
    bauta_grant_tell(&info, grant);
    grant_print(path, grant);
    span_tell(path, "granted is", info.since_s, info.until_s, options);
}

static int grant(struct bauta_grant_settings *s, struct granting *g, const struct options *options)
{
    const char *path = options_get(options, OPTION_OUTPUT);
    s->key = g->key;
    s->group = g->group;
    s->recipient = g->recipient;
    s->signing_key = g->signing_key;
    s->user = &g->people;
    s->person = people_note;
    g->people.targets = s->targets;
    g->people.n_targets = s->n_targets;
    if (g->key)
        audit_private_key(&g->note, g->key);
    audit_what(&g->note, options, OPTION_TARGET);
    int begun = audit_begin(&g->note, g->group ? "request" : "grant", options);
    if (begun)
        return begun;
    enum bauta_status status = bauta_grant_file(&g->grant, s);
    if (!status)
        audit_grant(&g->note, g->grant);
    if (!status)
        status = bauta_grant_write(g->grant, path, s->log);
    if (!status && !options_has(options, OPTION_QUIET))
        tell(g->grant, path, options);
    int ended = cli_exit_status(status);
    if (!ended && !people_are_one_each(&g->people, s->input))
        ended = EXIT_INCOMPLETE;
    return audit_end(&g->note, ended);
}

static int run(const struct options *options)
{
    struct bauta_grant_settings s;
    struct granting g = {.key = NULL};
    uint32_t targets[MAX_VALUES];
    bauta_grant_settings_init(&s);
    s.input = options->arguments[0];
    s.log = cli_log(options);
    if (!parse(&s, options) ||
        !cli_parse_targets(targets, &s.n_targets, &command_grant, options, OPTION_TARGET))
        return EXIT_USAGE;
    s.targets = s.n_targets ? targets : NULL;
    int status = read_keys(&g, options);
    if (!status)
        status = grant(&s, &g, options);
    bauta_private_key_free(&g.key);
    bauta_group_free(&g.group);
    bauta_public_key_free(&g.recipient);
    bauta_signing_key_free(&g.signing_key);
    bauta_grant_free(&g.grant);
    people_clear(&g.people);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,       OPTION_PASSPHRASE_FILE,
                                       OPTION_GROUP,     OPTION_HOLDER,
                                       OPTION_TARGET,    OPTION_WHOLE_PICTURE,
                                       OPTION_CLASS,     OPTION_SINCE_UTC,
                                       OPTION_UNTIL_UTC, OPTION_REASON,
                                       OPTION_CASE,      OPTION_EXPIRES,
                                       OPTION_SIGN,      OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_OUTPUT,    OPTION_AUDIT,
                                       OPTION_QUIET,     N_OPTIONS};

const struct command command_grant = {
    "grant",
    "--key FILE.key | --group FILE.group  --recipient FILE.pub --reason TEXT [OPTIONS] IN -o "
    "FILE.grant",
    "Lets somebody open a part of IN: some people, some classes, some time, and nothing else.",
    1,
    known,
    run,
};

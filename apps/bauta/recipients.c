/* SPDX-License-Identifier: Apache-2.0 */
#include "recipients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Takes ",from=T" and ",until=T" off the end of `path`. */
static bool take_times(struct recipient *item, char *path)
{
    item->from_s = 0;
    item->until_s = INFINITY;
    for (char *comma; (comma = strrchr(path, ',')) != NULL; *comma = '\0') {
        if (strncmp(comma, ",from=", 6) == 0) {
            if (!cli_parse_time(&item->from_s, comma + 6))
                return false;
        } else if (strncmp(comma, ",until=", 7) == 0) {
            if (!cli_parse_time(&item->until_s, comma + 7))
                return false;
        } else {
            break; /* a comma of the file's name */
        }
    }
    return item->from_s < item->until_s;
}

bool cli_is_group(const char *path)
{
    char text[256] = "";
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    if (file)
        fclose(file);
    return size > 0 && strstr(text, "-----BEGIN BAUTA GROUP-----") != NULL;
}

static int read_one(struct recipient *item, const struct command *command, const char *text,
                    const struct bauta_log *log)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s", text) >= (int)sizeof(path) || !take_times(item, path))
        return cli_usage(command, "--recipient wants FILE.pub or FILE.group, and perhaps "
                                  ",from=T,until=T after it, in seconds or [HH:]MM:SS");
    return cli_exit_status(cli_is_group(path) ? bauta_group_read(&item->group, path, log)
                                              : bauta_public_key_read(&item->key, path, log));
}

int recipients_read(struct recipients *r, const struct command *command,
                    const struct options *options)
{
    *r = (struct recipients){.n_items = 0};
    int status = EXIT_DONE;
    while (r->n_items < options->n_values[OPTION_RECIPIENT] && !status) {
        struct recipient *item = &r->items[r->n_items];
        item->text = options->values[OPTION_RECIPIENT][r->n_items];
        status = read_one(item, command, options->values[OPTION_RECIPIENT][r->n_items++],
                          cli_log(options));
        r->timed |= item->from_s > 0 || item->until_s < INFINITY;
    }
    if (status)
        return status;
    recipients_at(r, 0);
    if (r->n_keys + r->n_groups == 0)
        return cli_usage(command, "nobody is a recipient at the beginning");
    return EXIT_DONE;
}

bool recipients_at(struct recipients *r, double seconds)
{
    bool changed = false;
    for (int i = 0; i < r->n_items; i++) {
        bool now = seconds >= r->items[i].from_s && seconds < r->items[i].until_s;
        changed |= now != r->items[i].now;
        r->items[i].now = now;
    }
    if (!changed)
        return false;
    r->n_keys = r->n_groups = 0;
    for (int i = 0; i < r->n_items; i++) {
        if (r->items[i].now && r->items[i].key)
            r->keys[r->n_keys++] = r->items[i].key;
        if (r->items[i].now && r->items[i].group)
            r->groups[r->n_groups++] = r->items[i].group;
    }
    return true;
}

void recipients_begin(struct recipients *r)
{
    for (int i = 0; i < r->n_items; i++)
        r->items[i].met = false;
    recipients_at(r, 0); /* the one before may have ended at another time */
}

void recipients_meet(struct recipients *r)
{
    for (int i = 0; i < r->n_items; i++)
        r->items[i].met |= r->items[i].now;
}

bool recipients_are_met(const struct recipients *r, const char *in)
{
    bool all = true;
    for (int i = 0; i < r->n_items; i++) {
        if (r->items[i].met)
            continue;
        all = false;
        cli_warn("%s: --recipient %s never applied: no epoch of the recording begins in that time, "
                 "and nothing is sealed to it",
                 in, r->items[i].text);
    }
    return all;
}

void recipients_clear(struct recipients *r)
{
    for (int i = 0; i < r->n_items; i++) {
        bauta_public_key_free(&r->items[i].key);
        bauta_group_free(&r->items[i].group);
    }
}

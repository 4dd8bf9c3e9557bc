/* SPDX-License-Identifier: Apache-2.0 */
#include "amend.h"

#include <math.h>
#include <string.h>

#include "certificate.h"
#include "files.h"

void amend_init(struct amending *a, const struct options *options)
{
    memset(a, 0, sizeof(*a));
    bauta_amend_settings_init(&a->settings);
    a->settings.input = options->arguments[0];
    a->settings.output = options->arguments[1];
    a->settings.format = options_get(options, OPTION_FORMAT);
    a->settings.reason = options_get(options, OPTION_REASON);
    a->settings.utc_ms = cli_now_ms();
    a->settings.log = cli_log(options);
}

/* What it is about; a time that was not given is null. */
static void set_scope(json_t *text, const struct bauta_amend_settings *s)
{
    json_t *classes = json_array();
    for (int i = BAUTA_CLASS_FACE; s->erase && i <= BAUTA_CLASS_BODY; i++)
        if (s->classes & 1u << i)
            json_array_append_new(classes, json_string(bauta_class_name((enum bauta_class)i)));
    json_object_set_new(text, "classes", classes);
    json_object_set_new(text, "since", isinf(s->since_s) ? json_null() : json_real(s->since_s));
    json_object_set_new(text, "until", isinf(s->until_s) ? json_null() : json_real(s->until_s));
    json_object_set_new(text, "everything", json_boolean(s->erase && s->erase_envelopes));
}

static int certify(const struct amending *a, const char *action,
                   const struct bauta_amend_result *result, const struct options *options)
{
    char path[4096 + 8];
    if (bauta_is_stream(a->settings.output))
        return EXIT_DONE; /* nothing stands anywhere that a certificate could name */
    snprintf(path, sizeof(path), "%.4095s.json", a->settings.output);
    json_t *text =
        certificate_new(action, &a->note, a->settings.input, a->settings.output, options);
    if (text) {
        json_t *targets = json_array();
        for (int i = 0; i < a->settings.n_targets; i++)
            json_array_append_new(targets, json_integer((json_int_t)a->settings.targets[i]));
        json_object_set_new(text, "targets", targets);
        json_object_set_new(text, "everybody", json_boolean(a->settings.n_targets == 0));
        set_scope(text, &a->settings);
        json_object_set_new(text, "epochs", json_integer((json_int_t)result->n_epochs));
        json_object_set_new(text, "capsules", json_integer((json_int_t)result->n_capsules));
        json_object_set_new(text, "capsule_bytes", json_integer((json_int_t)result->capsule_bytes));
        json_object_set_new(text, "envelopes", json_integer((json_int_t)result->n_envelopes));
        json_object_set_new(text, "unreadable_messages",
                            json_integer((json_int_t)result->n_unread));
    }
    return certificate_write(text, path, a->signing_key, options);
}

static void say(const struct bauta_amend_settings *s, const struct bauta_amend_result *r)
{
    fprintf(stderr, "bauta: %s: %llu epochs changed", s->output, (unsigned long long)r->n_epochs);
    if (s->erase)
        fprintf(stderr, ", %llu originals of %llu bytes erased", (unsigned long long)r->n_capsules,
                (unsigned long long)r->capsule_bytes);
    if (s->erase_envelopes)
        fprintf(stderr, ", %llu envelopes taken out", (unsigned long long)r->n_envelopes);
    fputs(s->erase_envelopes && !s->erase
              ? "; the originals are in it still, for who has an earlier grant\n"
              : "\n",
          stderr);
}

static int change(struct amending *a, const char *action, const struct options *options)
{
    struct bauta_amend_result result;
    int status = cli_exit_status(bauta_amend_file(&result, &a->settings));
    if (status)
        return status;
    audit_stream(&a->note, result.stream_id);
    status = certify(a, action, &result, options);
    if (result.truncated)
        fprintf(stderr, "bauta: warning: %s: the file is damaged or cut short\n",
                a->settings.input);
    if (!status && result.n_unread)
        fprintf(stderr,
                "bauta: %s: %llu messages that cannot be read were taken out with the rest\n",
                a->settings.output, (unsigned long long)result.n_unread);
    if (!status && !options_has(options, OPTION_QUIET))
        say(&a->settings, &result);
    return status ? status : result.truncated ? EXIT_INCOMPLETE : EXIT_DONE;
}

int amend(struct amending *a, const char *action, const struct options *options)
{
    if (a->settings.reason && strlen(a->settings.reason) > 1024) {
        cli_error("--reason may have 1024 bytes");
        return EXIT_USAGE;
    }
    if (!files_options(&a->settings.replace, &a->settings.mode, options))
        return EXIT_USAGE;
    int status = cli_read_signing_key(&a->signing_key, options);
    if (status)
        return status;
    a->settings.signing_key = a->signing_key;
    if (a->key)
        audit_private_key(&a->note, a->key);
    else if (a->signing_key)
        audit_signing_key(&a->note, a->signing_key);
    audit_what(&a->note, options, OPTION_TARGET);
    status = audit_begin(&a->note, action, options);
    if (!status)
        status = change(a, action, options);
    status = audit_end(&a->note, status);
    bauta_signing_key_free(&a->signing_key);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "amend.h"

#include <math.h>
#include <string.h>

#include "certificate.h"
#include "files.h"
#include "span.h"

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

/* What it is about; a time that was not given is null. Epochs go whole: `first` and `last` are the
 * times of the first and last picture of those that something was erased of. */
static void set_scope(json_t *text, const struct bauta_amend_settings *s,
                      const struct bauta_amend_result *r)
{
    json_t *classes = json_array();
    for (int i = BAUTA_CLASS_FACE; s->erase && i <= BAUTA_CLASS_BODY; i++)
        if (s->classes & 1u << i)
            json_array_append_new(classes, json_string(bauta_class_name((enum bauta_class)i)));
    json_object_set_new(text, "classes", classes);
    json_object_set_new(text, "since", isinf(s->since_s) ? json_null() : json_real(s->since_s));
    json_object_set_new(text, "until", isinf(s->until_s) ? json_null() : json_real(s->until_s));
    json_object_set_new(text, "first", isnan(r->first_s) ? json_null() : json_real(r->first_s));
    json_object_set_new(text, "last", isnan(r->last_s) ? json_null() : json_real(r->last_s));
    json_object_set_new(text, "everything", json_boolean(s->erase && s->erase_envelopes));
}

/* Those who were asked for, those of them of whom something was erased, and in which streams. */
static void set_targets(json_t *text, const struct amending *a)
{
    json_t *asked = json_array(), *erased = json_array();
    for (int i = 0; i < a->settings.n_targets; i++) {
        json_t *number = json_integer((json_int_t)a->settings.targets[i]);
        if (people_have(&a->people, a->settings.targets[i]))
            json_array_append(erased, number);
        json_array_append_new(asked, number);
    }
    json_object_set_new(text, "targets_asked", asked);
    json_object_set_new(text, "targets", erased);
    json_object_set_new(text, "people", people_json(&a->people, "capsules"));
}

static int certify(struct amending *a, int file, bool complete)
{
    const struct bauta_amend_result *result = &a->result;
    const char *output = a->settings.output;
    if (bauta_is_stream(output))
        return EXIT_DONE; /* nothing stands anywhere that a certificate could name */
    json_t *out = certificate_file(output, file, a->options);
    json_t *text = certificate_new(a->action, &a->note, a->settings.input, out, a->options);
    if (text) {
        set_targets(text, a);
        json_object_set_new(text, "complete", json_boolean(complete));
        json_object_set_new(text, "everybody", json_boolean(a->settings.n_targets == 0));
        set_scope(text, &a->settings, result);
        json_object_set_new(text, "epochs", json_integer((json_int_t)result->n_epochs));
        json_object_set_new(text, "capsules", json_integer((json_int_t)result->n_capsules));
        json_object_set_new(text, "capsule_bytes", json_integer((json_int_t)result->capsule_bytes));
        json_object_set_new(text, "envelopes", json_integer((json_int_t)result->n_envelopes));
        json_object_set_new(text, "unreadable_messages",
                            json_integer((json_int_t)result->n_unread));
        json_object_set_new(text, "whole_pictures_left", json_integer((json_int_t)result->n_whole));
    }
    return certificate_write(&a->certificate, text, output, a->signing_key, a->options);
}

static void say(const struct bauta_amend_settings *s, const struct bauta_amend_result *r)
{
    char erased[128] = "", taken[64] = "";
    if (s->erase)
        snprintf(erased, sizeof(erased), ", %llu original%s of %llu bytes erased",
                 (unsigned long long)r->n_capsules, say_s(r->n_capsules),
                 (unsigned long long)r->capsule_bytes);
    if (s->erase_envelopes)
        snprintf(taken, sizeof(taken), ", %llu envelope%s taken out",
                 (unsigned long long)r->n_envelopes, say_s(r->n_envelopes));
    cli_say("%s: %llu epoch%s changed%s%s%s", s->output, (unsigned long long)r->n_epochs,
            say_s(r->n_epochs), erased, taken,
            s->erase_envelopes && !s->erase
                ? "; the originals are in it still, for who has an earlier grant"
                : "");
}

/* Says what is not as it was asked for; false if there is such a thing. */
static bool is_complete(const struct amending *a, const struct bauta_amend_result *result)
{
    const char *in = a->settings.input;
    bool complete = people_are_one_each(&a->people, in);
    for (int i = 0; i < a->settings.n_targets; i++) {
        if (people_have(&a->people, a->settings.targets[i]))
            continue;
        complete = false;
        cli_warn("%s: nothing of target %lu is erased: it is not in it, in that time and class, "
                 "or was erased before",
                 in, (unsigned long)a->settings.targets[i]);
    }
    if (result->n_whole)
        cli_warn("%s: %llu pictures are hidden whole, and whoever is in them can still be "
                 "recovered from these: erase --target 0 --whole-picture takes them out, with "
                 "everybody in them",
                 in, (unsigned long long)result->n_whole);
    if (result->truncated)
        cli_warn("%s: the file is damaged or cut short", in);
    return complete && result->n_whole == 0 && !result->truncated;
}

/* OUT is complete and has no name yet. */
static enum bauta_status complete(void *user, const char *path, int file, bool last)
{
    struct amending *a = user;
    (void)path;
    (void)last;
    audit_stream(&a->note, a->result.stream_id);
    const bool all = is_complete(a, &a->result);
    a->status = certify(a, file, all);
    if (a->status)
        return BAUTA_ERR_IO;
    a->status = all ? EXIT_DONE : EXIT_INCOMPLETE;
    return BAUTA_OK;
}

static void note_person(void *user, const struct bauta_met_person *person)
{
    struct amending *a = user;
    people_note(&a->people, person);
}

static int change(struct amending *a)
{
    const struct bauta_amend_result *result = &a->result;
    int status = cli_exit_status(bauta_amend_file(&a->result, &a->settings));
    if (status) {
        certificate_take_back(&a->certificate, a->options);
        return status;
    }
    if (result->n_unread)
        cli_say("%s: %llu message%s that cannot be read %s taken out with the rest",
                a->settings.output, (unsigned long long)result->n_unread, say_s(result->n_unread),
                result->n_unread == 1 ? "was" : "were");
    if (!options_has(a->options, OPTION_QUIET))
        say(&a->settings, result);
    if (!options_has(a->options, OPTION_QUIET) && result->n_signed == 0 &&
        !bauta_is_stream(a->settings.output))
        cli_say("%s: nobody signed this recording: verify finds nothing of this, and only the "
                "certificate, %s.json, tells it",
                a->settings.output, a->settings.output);
    if (!options_has(a->options, OPTION_QUIET) && a->settings.erase)
        span_tell(a->settings.output, "gone is", result->first_s, result->last_s, a->options);
    return a->status;
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
    a->people.targets = a->settings.targets;
    a->people.n_targets = a->settings.n_targets;
    a->action = action;
    a->options = options;
    a->settings.user = a;
    a->settings.person = note_person;
    a->settings.complete = complete;
    if (a->key)
        audit_private_key(&a->note, a->key);
    else if (a->signing_key)
        audit_signing_key(&a->note, a->signing_key);
    audit_what(&a->note, options, OPTION_TARGET);
    status = audit_begin(&a->note, action, options);
    if (!status)
        status = change(a);
    status = audit_end(&a->note, status);
    bauta_signing_key_free(&a->signing_key);
    people_clear(&a->people);
    certificate_clear(&a->certificate);
    return status;
}

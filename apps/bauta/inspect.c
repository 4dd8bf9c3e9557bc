/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "batch.h"

static const char *codec_name(enum bauta_codec codec)
{
    return codec == BAUTA_CODEC_H265 ? "h265" : codec == BAUTA_CODEC_H264 ? "h264" : "unknown";
}

/* [[first, last], ...], seconds. */
static json_t *spans_json(const struct bauta_target_summary *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_spans; i++)
        json_array_append_new(list, json_pack("[f, f]", t->spans[i].first_s, t->spans[i].last_s));
    return list;
}

static json_t *targets_json(const struct bauta_inspection *n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n->n_targets; i++) {
        const struct bauta_target_summary *t = &n->targets[i];
        json_array_append_new(
            list,
            json_pack("{s:I, s:s, s:f, s:f, s:I, s:I, s:I, s:o}", "target", (json_int_t)t->target,
                      "class", bauta_class_name(t->class_), "first", t->first_s, "last", t->last_s,
                      "capsules", (json_int_t)t->n_capsules, "bytes", (json_int_t)t->capsule_bytes,
                      "missing", (json_int_t)t->n_missing, "spans", spans_json(t)));
    }
    return list;
}

/* On one line, with the file's name, if it is one of many. */
static void print_json(const struct bauta_inspection *n, const struct bauta_file_info *f,
                       const char *file)
{
    char text[40];
    json_t *recipients = json_array();
    for (int i = 0; i < n->n_recipients; i++)
        json_array_append_new(recipients,
                              json_string(bauta_hex(text, n->recipients[i], BAUTA_KEY_ID_SIZE)));
    json_t *all = json_pack(
        "{s:s, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:i, s:i, s:s, s:s, s:I, s:I, s:b, s:o, s:o}",
        "codec", codec_name(f->codec), "width", f->width, "height", f->height, "pictures",
        (json_int_t)n->n_access_units, "hidden_pictures", (json_int_t)n->n_hidden,
        "protected_pictures", (json_int_t)n->n_pictures, "epochs", (json_int_t)n->n_epochs,
        "damaged_messages", (json_int_t)n->n_damaged, "streams", n->n_streams, "runs", n->n_runs,
        "stream", bauta_hex(text, n->stream_id, BAUTA_STREAM_ID_SIZE), "object_codec",
        codec_name(n->object_codec), "stream_bytes", (json_int_t)n->stream_bytes, "recovery_bytes",
        (json_int_t)n->recovery_bytes, "truncated", (int)f->truncated, "recipients", recipients,
        "targets", targets_json(n));
    batch_print_json(all, file);
}

static void print_text(const struct bauta_inspection *n, const struct bauta_file_info *f)
{
    char text[40];
    printf("video       %s %dx%d, %llu picture%s\n", codec_name(f->codec), f->width, f->height,
           (unsigned long long)n->n_access_units, say_s(n->n_access_units));
    if (n->n_hidden)
        printf("hidden      %llu picture%s before the start, by the file's edit list\n",
               (unsigned long long)n->n_hidden, say_s(n->n_hidden));
    printf("protected   %llu picture%s in %llu epoch%s\n", (unsigned long long)n->n_pictures,
           say_s(n->n_pictures), (unsigned long long)n->n_epochs, say_s(n->n_epochs));
    printf("stream      %s%s\n", bauta_hex(text, n->stream_id, BAUTA_STREAM_ID_SIZE),
           n->n_runs > 1      ? " and others of other runs"
           : n->n_streams > 1 ? " and others of the same run, in which the keys were changed"
                              : "");
    printf("recovery    %llu of %llu bytes (%.1f %%), objects in %s\n",
           (unsigned long long)n->recovery_bytes, (unsigned long long)n->stream_bytes,
           n->stream_bytes ? 100.0 * (double)n->recovery_bytes / (double)n->stream_bytes : 0.0,
           codec_name(n->object_codec));
    if (n->n_damaged)
        printf("damaged     %llu message%s could not be read\n", (unsigned long long)n->n_damaged,
               say_s(n->n_damaged));
    for (int i = 0; i < n->n_recipients; i++)
        printf("recipient   %s\n", bauta_hex(text, n->recipients[i], BAUTA_KEY_ID_SIZE));
    printf("%8s  %-5s %10s %10s %9s %10s %8s\n", "target", "class", "first s", "last s", "capsules",
           "bytes", "missing");
    for (size_t i = 0; i < n->n_targets; i++) {
        const struct bauta_target_summary *t = &n->targets[i];
        printf("%8lu  %-5s %10.3f %10.3f %9llu %10llu %8llu\n", (unsigned long)t->target,
               bauta_class_name(t->class_), t->first_s, t->last_s,
               (unsigned long long)t->n_capsules, (unsigned long long)t->capsule_bytes,
               (unsigned long long)t->n_missing);
    }
}

/* One line, for one of many. */
static void say_shortly(char *said, const struct bauta_inspection *n,
                        const struct bauta_file_info *f)
{
    size_t n_people = 0;
    for (size_t i = 0; i < n->n_targets; i++) /* they come by target */
        n_people += i == 0 || n->targets[i].target != n->targets[i - 1].target;
    snprintf(said, BATCH_SAID,
             "%s %dx%d, %llu of %llu pictures protected, %zu %s, %d recipient%s, recovery data "
             "%.1f %%%s%s",
             codec_name(f->codec), f->width, f->height, (unsigned long long)n->n_pictures,
             (unsigned long long)n->n_access_units, n_people, n_people == 1 ? "person" : "people",
             n->n_recipients, say_s((unsigned long long)n->n_recipients),
             n->stream_bytes ? 100.0 * (double)n->recovery_bytes / (double)n->stream_bytes : 0.0,
             n->n_damaged ? ", some of them damaged" : "", f->truncated ? "; cut short" : "");
}

static int say_nothing_there(const char *path)
{
    char sentence[1024];
    snprintf(sentence, sizeof(sentence),
             "%.800s: holds no recovery data: it was not protected by Bauta, or the data were "
             "removed",
             path);
    cli_error(sentence);
    return EXIT_FAILED;
}

static int inspect(void *user, const struct options *options, char *said)
{
    (void)user;
    const char *path = options->arguments[0];
    bool json = options_has(options, OPTION_JSON);
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    struct bauta_file_info info;
    enum bauta_status status = bauta_inspect_file(&inspector, &info, path, cli_log(options));
    if (status)
        return cli_exit_status(status);
    bauta_inspector_result(inspector, &found);
    if (info.truncated)
        cli_warn("%s: the file is damaged or cut short", path);
    int exit_status = info.truncated || found.n_damaged ? EXIT_INCOMPLETE : EXIT_DONE;
    if (found.n_pictures == 0 && found.n_epochs == 0) {
        exit_status = say_nothing_there(path);
    } else if (json) {
        print_json(&found, &info, said ? path : NULL);
    } else if (said) {
        say_shortly(said, &found, &info);
    } else {
        print_text(&found, &info);
    }
    bauta_inspector_free(&inspector);
    if (!said && fflush(stdout) != 0) {
        cli_say("standard output cannot be written");
        return EXIT_FAILED;
    }
    return exit_status;
}

static int run(const struct options *options)
{
    const struct batch batch = {.command = &command_inspect, .options = options, .one = inspect};
    int status = batch_check(&batch);
    return status ? status : batch_run(&batch);
}

static const enum option_id known[] = {OPTION_JSON, OPTION_QUIET, N_OPTIONS};

const struct command command_inspect = {
    "inspect",
    "[--json] IN...",
    "Tells what a protected file carries, or each of many. Needs no key.",
    SOME_ARGUMENTS,
    known,
    run,
};

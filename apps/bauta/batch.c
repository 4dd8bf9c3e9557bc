/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch_list.h"
#include "batch_note.h"
#include "printable.h"

/* What became of a file. */
enum outcome { OUTCOME_NONE, OUTCOME_DONE, OUTCOME_SKIPPED, OUTCOME_INCOMPLETE, OUTCOME_FAILED };
enum { N_OUTCOMES = OUTCOME_FAILED + 1 };
enum { PATH_MOST = 4096 };

struct run {
    const struct batch *batch;
    struct batch_list list;
    enum outcome *outcomes; /* of each file */
    size_t n[N_OUTCOMES];
    int worst;      /* the exit status that all who failed share, */
    bool differing; /* if not this */
    bool stopped;
};

static bool is_container(const char *path)
{
    return bauta_can_write(path, NULL, BAUTA_CODEC_H264) ||
           bauta_can_write(path, NULL, BAUTA_CODEC_H265);
}

/* Whether the value of -o names a file to write, and no folder. */
static bool names_file(const char *output)
{
    return !batch_is_folder(output) &&
           (strcmp(output, "-") == 0 || is_container(output) || batch_is_still(output));
}

/* Whether there is one file, to be done as ever. */
static bool is_alone(const struct batch *b)
{
    const struct options *o = b->options;
    const char *output = b->makes ? options_get(o, OPTION_OUTPUT_FOLDER) : NULL;
    if (b->makes && !output)
        return true;
    return o->n_arguments == 1 && !batch_is_folder(o->arguments[0]) &&
           (!output || names_file(output));
}

static enum bauta_codec codec_of(const struct options *options)
{
    enum bauta_codec codec = BAUTA_CODEC_H264;
    const char *name = options_get(options, OPTION_CODEC);
    return name && cli_parse_codec(&codec, name) ? codec : BAUTA_CODEC_H264;
}

static int refuse(const struct batch *b, const char *what, const char *why)
{
    char problem[512];
    snprintf(problem, sizeof(problem), "%.400s %s", what, why);
    return cli_usage(b->command, problem);
}

static int check_many(const struct batch *b)
{
    const struct options *o = b->options;
    const char *output = b->makes ? options_get(o, OPTION_OUTPUT_FOLDER) : NULL;
    const char *format = b->makes ? options_get(o, OPTION_FORMAT) : NULL;
    for (int i = 0; i < o->n_arguments; i++)
        if (strcmp(o->arguments[i], "-") == 0)
            return cli_usage(b->command,
                             "standard input goes alone, and with a name for its output");
    for (const enum option_id *id = b->one_only; id && *id != N_OPTIONS; id++)
        if (options_has(o, *id)) {
            char name[64];
            snprintf(name, sizeof(name), "--%s", options_name(*id));
            return refuse(b, name, "is for one file, not for several or a folder");
        }
    if (output && names_file(output))
        return refuse(b, output, "names a file, but several go into a folder: -o DIR");
    if (format && !bauta_can_write("", format, codec_of(o)))
        return refuse(b, format, "is no container for this codec: --format mp4, mov, mkv, ts, ...");
    return EXIT_DONE;
}

int batch_check(const struct batch *b)
{
    const struct options *o = b->options;
    if (!is_alone(b))
        return check_many(b);
    if (b->makes && !options_has(o, OPTION_OUTPUT_FOLDER) && o->n_arguments != 2)
        return refuse(b, b->command->name, "takes IN and OUT, or any number of IN and -o DIR");
    if (!b->makes || !batch_is_folder(o->arguments[0]))
        return EXIT_DONE;
    cli_say("%s: is a folder: say with -o DIR where its files shall go", o->arguments[0]);
    return EXIT_FAILED;
}

static int do_one(const struct batch *b, char *input, char *output, char *said)
{
    char *arguments[] = {input, output};
    struct options one = *b->options;
    one.arguments = arguments;
    one.n_arguments = b->makes ? 2 : 1;
    return b->one(b->user, &one, said);
}

static int run_alone(const struct batch *b)
{
    const struct options *o = b->options;
    const char *output = b->makes ? options_get(o, OPTION_OUTPUT_FOLDER) : NULL;
    if (!output)
        return b->one(b->user, o, NULL);
    char *copy = strdup(output);
    int status = copy ? do_one(b, o->arguments[0], copy, NULL) : EXIT_FAILED;
    free(copy);
    return status;
}

/* Makes the folders above a file. `*n_kept` is how much of the path was there before. */
static bool make_folders(const char *path, size_t *n_kept)
{
    char copy[PATH_MOST];
    bool good = snprintf(copy, sizeof(copy), "%s", path) < (int)sizeof(copy);
    *n_kept = 0;
    for (char *end = copy + 1; good && *copy && *end; end++) {
        if (*end != '/')
            continue;
        *end = '\0';
        if (batch_is_folder(copy)) {
            *n_kept = (size_t)(end - copy);
        } else if (mkdir(copy, 0777) != 0) {
            const int error = errno;
            good = batch_is_folder(copy); /* somebody else made it just now */
            errno = error;
        }
        *end = '/';
    }
    return good;
}

/* Takes away again what make_folders() made, where nothing has come into it. */
static void remove_folders(const char *path, size_t n_kept)
{
    char copy[PATH_MOST];
    snprintf(copy, sizeof(copy), "%s", path);
    for (char *end; (end = strrchr(copy, '/')) && (size_t)(end - copy) > n_kept;) {
        *end = '\0';
        if (rmdir(copy) != 0)
            return;
    }
}

static bool prints_json(const struct run *r)
{
    return !r->batch->makes && options_has(r->batch->options, OPTION_JSON);
}

/* One line of a file. Where files are made it goes where words go, else it is the result. */
static void print_line(const struct run *r, const struct batch_file *file, enum outcome outcome,
                       const char *said)
{
    const struct batch *b = r->batch;
    bool quiet = options_has(b->options, OPTION_QUIET);
    if (b->makes && quiet && outcome != OUTCOME_FAILED && outcome != OUTCOME_INCOMPLETE)
        return;
    bool made = file->output && (outcome == OUTCOME_DONE || outcome == OUTCOME_INCOMPLETE);
    char input[2048], words[2048], output[2048];
    fprintf(b->makes ? stderr : stdout, "%s: %s%s%s\n",
            printable(input, sizeof(input), file->input), printable(words, sizeof(words), said),
            made ? " -> " : "", made ? printable(output, sizeof(output), file->output) : "");
}

void batch_print_json(json_t *result, const char *file)
{
    json_t *line = file ? json_pack("{s:s}", "file", file) : json_object();
    if (line && result && json_object_update(line, result) == 0)
        json_dumpf(line, stdout, file ? JSON_COMPACT : JSON_INDENT(2));
    puts("");
    json_decref(line);
    json_decref(result);
}

static void fail(struct run *r, const struct batch_file *file, int status, const char *why)
{
    char line[BATCH_SAID + 16];
    size_t length = strlen(file->input);
    if (strncmp(why, file->input, length) == 0 && strncmp(why + length, ": ", 2) == 0)
        why += length + 2; /* the line names it already */
    snprintf(line, sizeof(line), "FAILED%s%s", *why ? ": " : "", why);
    if (prints_json(r))
        batch_print_json(json_pack("{s:s}", "error", *why ? why : "failed"), file->input);
    else
        print_line(r, file, OUTCOME_FAILED, line);
    r->differing |= r->worst != EXIT_DONE && r->worst != status;
    r->worst = status;
}

/* Whether its output is there already, or need not or must not be made. OUTCOME_NONE: go on. */
static enum outcome look(struct run *r, const struct batch_file *file)
{
    bool (*is_made)(const char *) = r->batch->is_made;
    struct stat out, in;
    char text[BATCH_SAID];
    bool there = !file->own && stat(file->output, &out) == 0;
    bool again = options_has(r->batch->options, OPTION_FORCE);
    bool made = there && !again && (!is_made || (S_ISREG(out.st_mode) && is_made(file->output)));
    if (made && r->batch->is_all && !r->batch->is_all(r->batch->user, file->input, file->output)) {
        snprintf(text, sizeof(text),
                 "%.900s is there already, but not all of its tracks are: remove it to have them "
                 "made",
                 file->output);
        fail(r, file, EXIT_FAILED, text);
        return OUTCOME_FAILED;
    }
    char note[600];
    if (made && batch_note_read(note, sizeof(note), file->output)) {
        snprintf(text, sizeof(text),
                 "incomplete: %.300s is there already, %s: --force makes it again", file->output,
                 note);
        print_line(r, file, OUTCOME_INCOMPLETE, text);
        return OUTCOME_INCOMPLETE;
    }
    if (made) {
        bool older = stat(file->input, &in) == 0 && in.st_mtime > out.st_mtime;
        snprintf(text, sizeof(text), "skipped: %.900s is there already%s", file->output,
                 older ? ", but is older: remove it to have it made again" : "");
        print_line(r, file, OUTCOME_SKIPPED, text);
        return OUTCOME_SKIPPED;
    }
    if (is_made && file->regular && is_made(file->input)) {
        print_line(r, file, OUTCOME_SKIPPED, "skipped: carries recovery data already");
        return OUTCOME_SKIPPED;
    }
    if ((!there || again) && !file->own)
        return OUTCOME_NONE;
    snprintf(text, sizeof(text), "%.900s is there already, and %s", file->output,
             file->own ? "is this file itself: give another folder"
                       : "was not made by this command: move it away");
    fail(r, file, EXIT_FAILED, text);
    return OUTCOME_FAILED;
}

static enum outcome do_file(struct run *r, const struct batch_file *file)
{
    char said[BATCH_SAID] = "", errors[BATCH_SAID];
    bool json = prints_json(r);
    size_t n_kept;
    if (file->output && !make_folders(file->output, &n_kept)) {
        fail(r, file, EXIT_FAILED, strerror(errno));
        return OUTCOME_FAILED;
    }
    cli_hold_errors(errors, sizeof(errors));
    int status = do_one(r->batch, file->input, file->output, said);
    cli_hold_errors(NULL, 0);
    if (status == EXIT_DONE || status == EXIT_INCOMPLETE) {
        enum outcome outcome = status ? OUTCOME_INCOMPLETE : OUTCOME_DONE;
        if (file->output && status)
            batch_note_write(file->output, *said ? said : "not all of it");
        else if (file->output)
            batch_note_remove(file->output);
        if (*said && !json)
            print_line(r, file, outcome, said);
        return outcome;
    }
    if (file->output)
        remove_folders(file->output, n_kept);
    if (cli_interrupted())
        return OUTCOME_NONE;
    if (*said) { /* looked at, and found wanting */
        if (!json)
            print_line(r, file, OUTCOME_FAILED, said);
        r->differing |= r->worst != EXIT_DONE && r->worst != status;
        r->worst = status;
    } else {
        fail(r, file, status, errors);
    }
    return OUTCOME_FAILED;
}

static enum outcome take(struct run *r, size_t i)
{
    const struct batch_file *file = &r->list.files[i];
    char name[72];
    const char *slash = strrchr(file->input, '/');
    snprintf(name, sizeof(name), "%.24s (%zu of %zu)", slash ? slash + 1 : file->input, i + 1,
             r->list.n_files);
    cli_progress_name(name);
    if (file->problem) {
        fail(r, file, EXIT_FAILED, file->problem);
        return OUTCOME_FAILED;
    }
    enum outcome outcome = file->exists && file->output ? look(r, file) : OUTCOME_NONE;
    return outcome ? outcome : do_file(r, file);
}

static void print_names(const struct run *r, enum outcome outcome)
{
    bool first = true;
    for (size_t i = 0; i < r->list.n_files; i++)
        if (r->outcomes[i] == outcome) {
            char name[2048];
            fprintf(stderr, "%s%s", first ? ": " : ", ",
                    printable(name, sizeof(name), r->list.files[i].input));
            first = false;
        }
}

static void sum_up(const struct run *r)
{
    static const char *const names[] = {[OUTCOME_DONE] = "done",
                                        [OUTCOME_SKIPPED] = "skipped",
                                        [OUTCOME_INCOMPLETE] = "incomplete",
                                        [OUTCOME_FAILED] = "failed"};
    bool good = !r->stopped && !r->n[OUTCOME_INCOMPLETE] && !r->n[OUTCOME_FAILED];
    if (good && options_has(r->batch->options, OPTION_QUIET))
        return;
    fprintf(stderr, "bauta: %s%zu done", r->stopped ? "stopped: " : "", r->n[OUTCOME_DONE]);
    for (int i = OUTCOME_SKIPPED; i < N_OUTCOMES; i++) {
        if (!r->n[i])
            continue;
        fprintf(stderr, ", %zu %s", r->n[i], names[i]);
        if (i != OUTCOME_SKIPPED)
            print_names(r, (enum outcome)i);
    }
    if (r->n[OUTCOME_NONE])
        fprintf(stderr, ", %zu not done", r->n[OUTCOME_NONE]);
    fputs("\n", stderr);
}

static void tell_left_out(const struct run *r)
{
    const struct batch_list *l = &r->list;
    if (options_has(r->batch->options, OPTION_QUIET) || !(l->n_stills + l->n_others + l->n_links))
        return;
    const char *between = "";
    fputs("bauta: left out of folders: ", stderr);
    if (l->n_stills) {
        fprintf(stderr, "%zu still%s%s", l->n_stills, say_s(l->n_stills),
                r->batch->makes ? " (named one by one, each becomes a video of one picture)" : "");
        between = ", ";
    }
    if (l->n_others) {
        fprintf(stderr, "%s%zu file%s that %s hidden or no video", between, l->n_others,
                say_s(l->n_others), l->n_others == 1 ? "is" : "are");
        between = ", ";
    }
    if (l->n_links)
        fprintf(stderr, "%s%zu link%s to folders", between, l->n_links, say_s(l->n_links));
    fputs("\n", stderr);
}

static bool can_print(struct run *r)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fputs("bauta: standard output cannot be written\n", stderr);
    r->stopped = true;
    return false;
}

/* All files, one after the other. Gives the exit status. */
static int run_all(struct run *r)
{
    for (size_t i = 0; i < r->list.n_files && !r->stopped; i++) {
        r->outcomes[i] = take(r, i);
        r->stopped = cli_interrupted() || !can_print(r);
    }
    cli_progress_name(NULL);
    for (size_t i = 0; i < r->list.n_files; i++)
        r->n[r->outcomes[i]]++;
    tell_left_out(r);
    sum_up(r);
    if (r->n[OUTCOME_DONE] + r->n[OUTCOME_SKIPPED] == r->list.n_files)
        return EXIT_DONE;
    if (r->n[OUTCOME_FAILED] == r->list.n_files && !r->differing)
        return r->worst;
    return r->n[OUTCOME_FAILED] + r->n[OUTCOME_NONE] == r->list.n_files ? EXIT_FAILED
                                                                        : EXIT_INCOMPLETE;
}

static int run_many(const struct batch *b)
{
    const char *folder = b->makes ? options_get(b->options, OPTION_OUTPUT_FOLDER) : NULL;
    bool makes = folder && !batch_is_folder(folder);
    char inside[PATH_MOST]; /* as if for a file in it */
    size_t n_kept = 0;
    if (makes) {
        bool fits = snprintf(inside, sizeof(inside), "%s/", folder) < PATH_MOST;
        if (!fits || !make_folders(inside, &n_kept)) {
            cli_say("%s: this folder cannot be made: %s", folder,
                    fits ? strerror(errno) : "its name is too long");
            return EXIT_FAILED;
        }
        if (!options_has(b->options, OPTION_QUIET))
            cli_say("%s: made, a new folder", folder);
    }
    const struct batch_naming naming = {
        folder, b->makes ? options_get(b->options, OPTION_FORMAT) : NULL, codec_of(b->options)};
    struct run r = {.batch = b, .worst = EXIT_DONE};
    batch_list_make(&r.list, b->options, &naming);
    r.outcomes = calloc(r.list.n_files + 1, sizeof(*r.outcomes));
    int status = EXIT_FAILED;
    if (r.list.failed || !r.outcomes) {
        status = cli_exit_status(BAUTA_ERR_MEMORY);
    } else if (r.list.n_files == 0) {
        tell_left_out(&r);
        fputs("bauta: there is no video in what was named\n", stderr);
    } else {
        status = run_all(&r);
    }
    if (makes)
        remove_folders(inside, n_kept);
    free(r.outcomes);
    batch_list_clear(&r.list);
    return status;
}

int batch_run(const struct batch *b)
{
    return is_alone(b) ? run_alone(b) : run_many(b);
}

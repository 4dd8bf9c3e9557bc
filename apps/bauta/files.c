/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bauta/work_file.h>

#include "batch_list.h"

enum { MOST_OUTPUTS = 8, PATH_MOST = 4096 };

/* Options whose values name files that are read, some of them lists. */
static const enum option_id read_options[] = {
    OPTION_RECIPIENT,   OPTION_KEY,           OPTION_PASSPHRASE_FILE,
    OPTION_SIGN,        OPTION_SIGNER,        OPTION_SIGN_PASSPHRASE_FILE,
    OPTION_GRANT,       OPTION_GROUP,         OPTION_MEMBERS,
    OPTION_ADD,         OPTION_REMOVE,        OPTION_HEAD,
    OPTION_REGIONS,     OPTION_TRUTH,         OPTION_CONFIG,
    OPTION_BODY_MODEL,  OPTION_FACE_MODEL,    OPTION_CERTIFICATE,
    OPTION_PRIVATE_KEY, OPTION_PASSWORD_FILE, OPTION_AUDIT};

struct outputs {
    char paths[MOST_OUTPUTS][PATH_MOST];
    bool is_new[MOST_OUTPUTS]; /* never replaced, not even with --force */
    int n;
};

static void add(struct outputs *o, const char *path, const char *ending, bool is_new)
{
    if (o->n == MOST_OUTPUTS ||
        snprintf(o->paths[o->n], PATH_MOST, "%s%s", path, ending) >= PATH_MOST)
        return; /* too long to be opened */
    o->is_new[o->n++] = is_new;
}

/* Whether a command's last argument is what it writes; else its -o is. */
static bool makes(const struct command *c, const struct options *options)
{
    static const struct command *const all[] = {&command_protect, &command_recover, &command_export,
                                                &command_rewrap,  &command_erase,   &command_lock};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (c == all[i])
            return options->n_arguments == 2 && !options_has(options, OPTION_OUTPUT_FOLDER);
    return false;
}

static bool certifies(const struct command *c)
{
    return c == &command_export || c == &command_rewrap || c == &command_erase ||
           c == &command_lock;
}

static void list_outputs(struct outputs *o, const struct command *c, const struct options *options)
{
    const char *folder = options_get(options, OPTION_OUTPUT_FOLDER);
    const char *output = makes(c, options) ? options->arguments[1]
                         : folder && !batch_is_folder(folder) && options->n_arguments == 1 ? folder
                                                                                           : NULL;
    o->n = 0;
    if (output)
        add(o, output, "", false);
    if (output && certifies(c) && !bauta_is_stream(output)) {
        add(o, output, ".json", false);
        add(o, output, ".json.sig", true); /* also unsigned: an old one would no longer fit */
    }
    if (options_has(options, OPTION_OUTPUT))
        add(o, options_get(options, OPTION_OUTPUT), "", true);
    if (c == &command_protect && options_has(options, OPTION_REPORT))
        add(o, options_get(options, OPTION_REPORT), "", false);
}

/* Against a file that is read; "-" among options is no standard input. */
static bool is_apart(const struct outputs *o, const char *path, bool argument,
                     const struct bauta_log *log)
{
    for (int i = 0; i < o->n; i++)
        if ((argument || strcmp(path, "-") != 0) && bauta_output_apart(o->paths[i], path, log))
            return false;
    return true;
}

/* Each file of a value: "A.pub,B.pub", "A.pub,from=T,until=T". */
static bool value_is_apart(const struct outputs *o, const char *value, const struct bauta_log *log)
{
    char *list = strdup(value), *rest = NULL;
    bool apart = list != NULL && is_apart(o, value, false, log);
    for (char *path = list ? strtok_r(list, ",", &rest) : NULL; path && apart;
         path = strtok_r(NULL, ",", &rest))
        apart = is_apart(o, path, false, log);
    free(list);
    return apart;
}

static bool are_apart(const struct outputs *o, const struct command *c,
                      const struct options *options, const struct bauta_log *log)
{
    int n_inputs = makes(c, options) ? options->n_arguments - 1 : options->n_arguments;
    for (int i = 0; i < n_inputs; i++)
        if (!is_apart(o, options->arguments[i], true, log))
            return false;
    for (size_t i = 0; i < sizeof(read_options) / sizeof(read_options[0]); i++)
        for (int k = 0; k < options->n_values[read_options[i]]; k++)
            if (!value_is_apart(o, options->values[read_options[i]][k], log))
                return false;
    for (int i = 0; i < o->n; i++)
        for (int k = 0; k < i; k++) {
            bool both = strcmp(o->paths[i], "-") == 0 && strcmp(o->paths[k], "-") == 0;
            if (both)
                cli_error("two outputs cannot both go to standard output");
            if (both || (strcmp(o->paths[k], "-") != 0 &&
                         bauta_output_apart(o->paths[i], o->paths[k], log)))
                return false;
        }
    return true;
}

/* A report names what was read by its hash: a pipe can be read once only. */
static bool can_be_certified(const struct command *c, const struct options *options)
{
    struct stat about;
    if (!certifies(c) || options->n_arguments < 1 || stat(options->arguments[0], &about) != 0 ||
        S_ISREG(about.st_mode))
        return true;
    char sentence[512];
    snprintf(sentence, sizeof(sentence), "%.400s: is no regular file, which the report could name",
             options->arguments[0]);
    cli_error(sentence);
    return false;
}

int files_check(const struct command *command, const struct options *options)
{
    struct outputs *o = malloc(sizeof(*o));
    const struct bauta_log *log = cli_log(options);
    bool force = options_has(options, OPTION_FORCE);
    if (!o)
        return cli_exit_status(BAUTA_ERR_MEMORY);
    list_outputs(o, command, options);
    int status = are_apart(o, command, options, log) ? EXIT_DONE : EXIT_USAGE;
    if (!status && !can_be_certified(command, options))
        status = EXIT_FAILED;
    for (int i = 0; !status && i < o->n; i++) {
        bool replace = force && !o->is_new[i];
        status = cli_exit_status(bauta_output_check(o->paths[i], replace, log));
        if (status && !replace && !o->is_new[i] &&
            bauta_output_check(o->paths[i], true, NULL) == BAUTA_OK)
            cli_error("--force replaces it");
    }
    free(o);
    return status;
}

bool files_options(bool *replace, unsigned *mode, const struct options *options)
{
    const char *text = options_get(options, OPTION_MODE);
    *replace = options_has(options, OPTION_FORCE);
    if (!text)
        return true;
    char *end;
    unsigned long number = strtoul(text, &end, 8);
    if (end == text || *end || *text == '-' || number < 1 || number > 0777) {
        cli_error("--mode wants rights as chmod takes them in digits, as 0640");
        return false;
    }
    *mode = (unsigned)number;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <bauta/secrets.h>
#include <bauta/version.h>

#include "cli.h"
#include "files.h"

static const struct command *const commands[] = {
    &command_key,        &command_group,        &command_protect,      &command_recover,
    &command_inspect,    &command_verify,       &command_grant,        &command_approve,
    &command_show,       &command_export,       &command_rewrap,       &command_erase,
    &command_lock,       &command_audit_list,   &command_audit_verify, &command_audit_export,
    &command_audit_head, &command_detect,       &command_score,        &command_live,
    &command_view};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void print_command(FILE *to, const struct command *command)
{
    fprintf(to, "  bauta %s %s\n      %s\n", command->name, command->usage, command->purpose);
}

/* Of commands of two words, those with this first one; false if there are none. */
static bool print_group(FILE *to, const char *word)
{
    const size_t length = strlen(word);
    bool some = false;
    for (int i = 0; i < N_COMMANDS; i++) {
        if (strncmp(commands[i]->name, word, length) != 0 || commands[i]->name[length] != ' ')
            continue;
        if (!some)
            fprintf(to, "usage: bauta %s COMMAND ...\n\n", word);
        print_command(to, commands[i]);
        some = true;
    }
    return some;
}

static void print_usage(FILE *to)
{
    fputs("usage: bauta COMMAND ...\n\nHides people in video and keeps them, sealed, in the same "
          "stream.\n\n",
          to);
    for (int i = 0; i < N_COMMANDS; i++)
        print_command(to, commands[i]);
    fputs("\n'bauta COMMAND --help' lists its options. Exit status: 0 done, 1 failed, 2 usage, "
          "3 denied,\n4 tampered, 5 done, but not all: some pictures could not be recovered, somebody who "
          "was asked for\nis not there or is several people, some of many files failed, or a file shows pictures "
          "that its\nsignatures do not cover.\n",
          to);
}

/* A command's name may be two words,
 * "key new". Gives how many words of argv it takes, 0 if other. */
static int match(const struct command *command, int argc, char **argv)
{
    const char *name = command->name;
    for (int i = 1; i < argc; i++) {
        size_t length = strcspn(name, " ");
        if (strlen(argv[i]) != length || strncmp(argv[i], name, length) != 0)
            return 0;
        if (!name[length])
            return i;
        name += length + 1;
    }
    return 0;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options;
    if (!options_parse(&options, command, argc, argv))
        return cli_usage(command, options.problem);
    if (options_has(&options, OPTION_HELP)) {
        options_print_usage(stdout, command);
        return EXIT_DONE;
    }
    cli_catch_interrupts();
    bauta_secrets_guard(cli_log(&options));
    int status = files_check(command, &options);
    return status ? status : command->run(&options);
}

int main(int argc, char **argv)
{
    for (int i = 0; i < N_COMMANDS; i++) {
        int n_words = match(commands[i], argc, argv);
        if (n_words)
            return run(commands[i], argc - 1 - n_words, argv + 1 + n_words);
    }
    const bool helps = argc == 3 && strcmp(argv[2], "--help") == 0;
    if (helps && print_group(stdout, argv[1]))
        return EXIT_DONE;
    bool asked = argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("bauta %s\n", bauta_version());
        return EXIT_DONE;
    }
    if (argc > 1 && !asked && print_group(stderr, argv[1])) {
        if (argc > 2)
            cli_say("there is no command '%s %s'", argv[1], argv[2]);
        return EXIT_USAGE;
    }
    if (argc > 1 && !asked)
        cli_say("there is no command '%s'", argv[1]);
    print_usage(asked ? stdout : stderr);
    return asked ? EXIT_DONE : EXIT_USAGE;
}

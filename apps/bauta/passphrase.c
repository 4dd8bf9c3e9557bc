/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <bauta/secrets.h>

enum { PASSPHRASE_MOST = BAUTA_SECRET_MOST + 2 }; /* with its line end */

/* One line from `file`, without its end; NULL if there is none or it is too long. */
static char *read_line(FILE *file)
{
    char *line = calloc(1, PASSPHRASE_MOST);
    if (line && fgets(line, PASSPHRASE_MOST, file) && strlen(line) + 1 < PASSPHRASE_MOST) {
        line[strcspn(line, "\r\n")] = '\0';
        return line;
    }
    cli_free_passphrase(&line);
    return NULL;
}

static int read_file(char **passphrase, const char *path, const struct bauta_log *log)
{
    char *secret = NULL;
    *passphrase = calloc(1, PASSPHRASE_MOST);
    enum bauta_status status =
        *passphrase ? bauta_secret_read(&secret, path, log) : BAUTA_ERR_MEMORY;
    if (!status)
        memcpy(*passphrase, secret, strlen(secret));
    else
        cli_free_passphrase(passphrase);
    bauta_secret_free(&secret);
    return cli_exit_status(status);
}

/* Asks on the terminal itself, without echo. */
static char *ask(const char *prompt)
{
    FILE *terminal = fopen("/dev/tty", "r+");
    if (!terminal)
        return NULL;
    setvbuf(terminal, NULL, _IONBF, 0);
    struct termios before, silent;
    int is_terminal = tcgetattr(fileno(terminal), &before) == 0;
    if (is_terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fileno(terminal), TCSAFLUSH, &silent);
    }
    fputs(prompt, terminal);
    char *line = read_line(terminal);
    if (is_terminal)
        tcsetattr(fileno(terminal), TCSAFLUSH, &before);
    fputs("\n", terminal);
    fclose(terminal);
    return line;
}

static int ask_twice(char **passphrase)
{
    char *first = ask("Passphrase for the new key: ");
    char *again = first && *first ? ask("Once more: ") : NULL;
    bool same = first && again && strcmp(first, again) == 0;
    if (!first && cli_interrupted())
        cli_exit_status(BAUTA_ERR_CANCELLED); /* which says so */
    else if (!first)
        fputs("bauta: there is no terminal to ask for a passphrase: use --passphrase-file, or "
              "--no-passphrase\n",
              stderr);
    else if (!same)
        fputs(*first ? "bauta: the passphrases differ\n" : "bauta: the passphrase is empty\n",
              stderr);
    cli_free_passphrase(&again);
    if (!same)
        cli_free_passphrase(&first);
    *passphrase = first;
    return same ? EXIT_DONE : EXIT_FAILED;
}

int cli_passphrase(char **passphrase, const struct options *options, enum option_id file,
                   const char *prompt)
{
    const char *path = options_get(options, file);
    if (path)
        return read_file(passphrase, path, cli_log(options));
    if (!prompt)
        return ask_twice(passphrase);
    *passphrase = ask(prompt);
    return !*passphrase && cli_interrupted() ? cli_exit_status(BAUTA_ERR_CANCELLED) : EXIT_DONE;
}

void cli_free_passphrase(char **passphrase)
{
    bauta_wipe(*passphrase, PASSPHRASE_MOST);
    free(*passphrase);
    *passphrase = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSPHRASE_MOST = 1024 };

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

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "bauta: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the secret stays in a buffer */
    char *line = read_line(file);
    fclose(file);
    if (!line || !*line) {
        fprintf(stderr, "bauta: %s: no passphrase on its first line\n", path);
        cli_free_passphrase(&line);
    }
    return line;
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

static char *ask_twice(bool *failed)
{
    char *first = ask("Passphrase for the new key: ");
    char *again = first && *first ? ask("Once more: ") : NULL;
    bool same = first && again && strcmp(first, again) == 0;
    if (!first)
        fputs("bauta: there is no terminal to ask for a passphrase: use --passphrase-file, or "
              "--no-passphrase\n",
              stderr);
    else if (!same)
        fputs(*first ? "bauta: the passphrases differ\n" : "bauta: the passphrase is empty\n",
              stderr);
    cli_free_passphrase(&again);
    if (!same)
        cli_free_passphrase(&first);
    *failed = !same;
    return first;
}

char *cli_passphrase(const struct options *options, enum option_id file, const char *prompt,
                     bool *failed)
{
    *failed = false;
    const char *path = options_get(options, file);
    if (!path)
        return prompt ? ask(prompt) : ask_twice(failed);
    char *passphrase = read_file(path);
    *failed = passphrase == NULL;
    return passphrase;
}

void cli_free_passphrase(char **passphrase)
{
    volatile char *p = *passphrase; /* volatile: the stores must not be optimised away */
    for (size_t i = 0; p && i < PASSPHRASE_MOST; i++)
        p[i] = '\0';
    free(*passphrase);
    *passphrase = NULL;
}

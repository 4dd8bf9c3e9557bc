/* SPDX-License-Identifier: Apache-2.0 */
#include "say.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "printable.h"

enum { LONGEST_LINE = 8192 };

static bool line_stands;

void say_line_stands(void)
{
    line_stands = true;
}

void say_clear_line(void)
{
    if (line_stands)
        fputs("\r\033[K", stderr);
    line_stands = false;
}

static void print_line(const char *before, const char *format, va_list values)
{
    char text[LONGEST_LINE], line[LONGEST_LINE];
    vsnprintf(text, sizeof(text), format, values);
    flockfile(stderr); /* several threads may come here */
    say_clear_line();
    fprintf(stderr, "bauta: %s%s\n", before, printable(line, sizeof(line), text));
    funlockfile(stderr);
}

void cli_say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_line("", format, values);
    va_end(values);
}

void cli_warn(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_line("warning: ", format, values);
    va_end(values);
}

const char *say_s(unsigned long long n)
{
    return n == 1 ? "" : "s";
}

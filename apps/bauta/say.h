/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SAY_H
#define SAY_H

/* A sentence to stderr, and one that warns. Whatever names stand in it, it stays on its line and
 * does nothing to a terminal. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What makes a word plural behind its number: "" of one, else "s". */
const char *say_s(unsigned long long n);

/* A progress line stands on the terminal from now on; and is cleared, if it does. */
void say_line_stands(void);
void say_clear_line(void);

#endif

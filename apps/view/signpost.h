/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIGNPOST_H
#define SIGNPOST_H

/* Opens the default browser at `address`, by way of a file that only this user can read: the
 * arguments of a program, and so the token in an address, are everybody's to see. Gives the file's
 * path, NULL if nothing was opened, having said why. */
char *signpost_open(const char *address);
/* Takes the path; NULL is fine. */
void signpost_remove(char *path);

#endif

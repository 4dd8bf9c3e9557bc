/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASSWORD_H
#define PASSWORD_H

/* Wipes what GLib allocated, frees it, and sets NULL. */
void password_free(char **password);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "password.h"

#include <glib.h>

void password_free(char **password)
{
    volatile char *p = *password; /* volatile: the stores must not be optimised away */
    while (p && *p)
        *p++ = '\0';
    g_free(*password);
    *password = NULL;
}

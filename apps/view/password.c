/* SPDX-License-Identifier: Apache-2.0 */
#include "password.h"

#include <bauta/secrets.h>
#include <glib.h>

void password_free(char **password)
{
    bauta_wipe_text(*password);
    g_free(*password);
    *password = NULL;
}

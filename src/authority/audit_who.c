/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/audit.h>

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void bauta_audit_who(char who[512])
{
    char host[256] = "";
    const struct passwd *user = getpwuid(getuid());
    const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
    gethostname(host, sizeof(host) - 1);
    snprintf(who, 512, "%.120s%s%.120s@%.255s", sudo ? sudo : "", sudo ? " as " : "",
             user ? user->pw_name : "?", host);
}

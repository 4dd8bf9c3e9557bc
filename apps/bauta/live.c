/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* The folder of this program, with '/' at its end; false if the system does not tell. */
static bool find_folder(char *folder, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);
    if (length <= 0 || (size_t)length >= size - 1)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[1] = '\0';
    return slash != NULL;
}

/* The service is a program of its own, so that nobody needs GStreamer to work on files. It takes
 * the place of this one; comes back only if it is not to be found. */
static int run(const struct options *options)
{
    const char *config = options_get(options, OPTION_CONFIG);
    if (!config)
        return cli_usage(&command_live, "--config is missing");
    const char *check = options_has(options, OPTION_CHECK_CONFIG) ? "--check-config" : NULL;
    char path[4096 + sizeof("bauta-live")];
    if (find_folder(path, 4096)) {
        strcat(path, "bauta-live");
        execl(path, path, "--config", config, check, (char *)NULL);
    }
    execl(BAUTA_LIBEXEC "/bauta-live", "bauta-live", "--config", config, check, (char *)NULL);
    execlp("bauta-live", "bauta-live", "--config", config, check, (char *)NULL);
    fprintf(stderr, "bauta: bauta-live cannot be run: %s\n", strerror(errno));
    return EXIT_FAILED;
}

static const enum option_id known[] = {OPTION_CONFIG, OPTION_CHECK_CONFIG, N_OPTIONS};

const struct command command_live = {
    "live",
    "--config FILE [--check-config]",
    "Protects cameras as they run, and serves them by RTSP, ONVIF and HTTP.",
    0,
    known,
    run};

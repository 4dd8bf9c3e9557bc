/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "run_program.h"

/* The service is a program of its own, so that nobody needs GStreamer to work on files. */
static int run(const struct options *options)
{
    const char *config = options_get(options, OPTION_CONFIG);
    if (!config)
        return cli_usage(&command_live, "--config is missing");
    struct words words;
    words_init(&words, "bauta-live");
    words_add_option(&words, "--config", config);
    if (options_has(options, OPTION_CHECK_CONFIG))
        words_add(&words, "--check-config");
    return run_program(&words);
}

static const enum option_id known[] = {OPTION_CONFIG, OPTION_CHECK_CONFIG, N_OPTIONS};

const struct command command_live = {
    "live",
    "--config FILE [--check-config]",
    "Protects cameras as they run, and serves them by RTSP, ONVIF and HTTP.",
    0,
    known,
    run};

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli.h"
#include "find_options.h"
#include "report.h"

static enum bauta_status print_json(void *user, uint64_t picture, double pts_s,
                                    const struct bauta_view *view, int width, int height,
                                    const struct bauta_region *regions, int n_regions)
{
    (void)user;
    report_print_picture(stdout, picture, pts_s);
    report_print_size(stdout, width, height);
    report_print_view(stdout, view);
    report_print_regions(stdout, regions, n_regions);
    return ferror(stdout) ? BAUTA_ERR_IO : BAUTA_OK;
}

/* frame (from 1), id, left, top, width, height, confidence, and the class where MOT has x, y, z:
 * the result format of motchallenge.net, which ignores what comes after the seventh column. */
static enum bauta_status print_mot(void *user, uint64_t picture, double pts_s,
                                   const struct bauta_view *view, int width, int height,
                                   const struct bauta_region *regions, int n_regions)
{
    (void)user;
    (void)pts_s;
    (void)view;
    (void)width;
    (void)height;
    for (int i = 0; i < n_regions; i++)
        printf("%llu,%lu,%d,%d,%d,%d,1,%d,-1,-1\n", (unsigned long long)picture + 1,
               (unsigned long)regions[i].target, regions[i].rect.x, regions[i].rect.y,
               regions[i].rect.w, regions[i].rect.h, (int)regions[i].class_);
    return ferror(stdout) ? BAUTA_ERR_IO : BAUTA_OK;
}

static int run(const struct options *options)
{
    struct bauta_detect_settings s;
    struct find_areas areas;
    double threads = 1, track = 0;
    bauta_detect_settings_init(&s);
    if (options_has(options, OPTION_JSON) && options_has(options, OPTION_MOT))
        return cli_usage(&command_detect, "--json and --mot exclude each other");
    if (!options_number(options, OPTION_THREADS_DETECTING, &threads, 1, 2) ||
        !options_number(options, OPTION_TRACK, &track, 1, 1000) ||
        !find_options_read(&s.find, &areas, &command_detect, options))
        return EXIT_USAGE;
    s.input = options->arguments[0];
    s.track = (int)track;
    s.find.threads = (int)threads;
    s.log = cli_log(options);
    s.progress = cli_progress;
    int guessed = find_options_guess(&s.find, s.input, s.track, &command_detect, options, s.log);
    if (guessed)
        return guessed;
    s.found = options_has(options, OPTION_JSON) ? print_json : print_mot;
    enum bauta_status status = bauta_detect_file(&s);
    cli_progress_done();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_say("standard output cannot be written");
        return EXIT_FAILED;
    }
    return cli_exit_status(status);
}

static const enum option_id known[] = {
    OPTION_MOT,   OPTION_JSON,  FIND_OPTIONS, OPTION_THREADS_DETECTING,
    OPTION_TRACK, OPTION_QUIET, N_OPTIONS};

const struct command command_detect = {
    "detect",
    "[--mot | --json] IN",
    "Prints whom the detectors see and the tracker follows, picture by picture.",
    1,
    known,
    run,
};

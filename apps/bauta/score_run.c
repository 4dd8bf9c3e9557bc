/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli.h"
#include "regions.h"
#include "score.h"

/* Goes through the report's pictures and the truth's boxes side by side. */
static int add_all(struct score *score, const struct truth *truth, struct regions *report)
{
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    uint64_t picture;
    int at = 0;
    while (regions_next(report, &picture)) {
        int width, height, n_regions, n_boxes = 0;
        const struct bauta_view view = regions_view(report);
        if (!regions_size(report, &width, &height) ||
            regions_of(report, regions, &n_regions, picture, width, height))
            return EXIT_FAILED;
        if (n_regions > BAUTA_MAX_REGIONS) {
            cli_say("%s: picture %llu has more regions than a report can have",
                    regions_path(report), (unsigned long long)picture);
            return EXIT_FAILED;
        }
        for (; at < truth->n_boxes && truth->boxes[at].picture < picture; at++)
            score->n_left_out++;
        while (at + n_boxes < truth->n_boxes && truth->boxes[at + n_boxes].picture == picture)
            n_boxes++;
        if (!score_add(score, width, height, &view, &truth->boxes[at], n_boxes, regions, n_regions))
            return cli_exit_status(BAUTA_ERR_MEMORY);
        at += n_boxes;
    }
    score->n_left_out += (uint64_t)(truth->n_boxes - at);
    return EXIT_DONE;
}

static int compare(const struct truth *truth, struct regions *report, const struct options *options)
{
    struct score score = {.people = NULL};
    int status = score_begin(&score, truth) ? add_all(&score, truth, report)
                                            : cli_exit_status(BAUTA_ERR_MEMORY);
    if (!status && score.n_boxes == 0) {
        cli_say("%s: nobody is in the pictures that %s tells of",
                options_get(options, OPTION_TRUTH), options_get(options, OPTION_REPORT_READ));
        status = EXIT_FAILED;
    }
    if (!status && score.n_left_out > 0)
        cli_warn("%llu boxes are in pictures that the report lacks",
                 (unsigned long long)score.n_left_out);
    if (!status && options_has(options, OPTION_JSON))
        score_print_json(stdout, &score);
    else if (!status)
        score_print(stdout, &score);
    score_clear(&score);
    return status;
}

static int run(const struct options *options)
{
    struct truth truth;
    if (!cli_needs(&command_score, options, OPTION_TRUTH) ||
        !cli_needs(&command_score, options, OPTION_REPORT_READ))
        return EXIT_USAGE;
    if (!truth_read(&truth, options_get(options, OPTION_TRUTH)))
        return EXIT_FAILED;
    struct regions *report = regions_open(options_get(options, OPTION_REPORT_READ));
    int status = report ? compare(&truth, report, options) : EXIT_FAILED;
    regions_close(&report);
    truth_clear(&truth);
    return status;
}

static const enum option_id known[] = {OPTION_TRUTH, OPTION_REPORT_READ, OPTION_JSON, N_OPTIONS};

const struct command command_score = {
    "score",
    "--truth GT.txt --report REPORT [--json]",
    "Tells how well a run hid the people who are marked in a ground truth file.",
    0,
    known,
    run,
};

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include <bauta/protector.h>
#include <bauta/work_file.h>

/* Writes what was hidden as JSON Lines, into a work file until it is complete. */
struct report;

/* NULL, having said why; "-" is standard output. */
struct report *report_open(const char *path, const struct bauta_work_file_settings *settings);
enum bauta_status report_write(struct report *report, uint64_t picture, double pts_s,
                               const struct bauta_mask_report *what);
/* From here on pictures are those of another file, which starts at `start_s` of the input. */
void report_part(struct report *report, int number, double start_s);
bool report_finish(struct report *report); /* gives the file its name; false, having said why */
void report_close(struct report **report); /* removes what is not finished */

/* One line, as in the report: the picture, more members if need be, then the regions. */
void report_print_picture(FILE *to, uint64_t picture, double pts_s);
void report_print_size(FILE *to, int width, int height);
/* "turn", "mirrored" and "pixel", where they are not as usual. */
void report_print_view(FILE *to, const struct bauta_view *view);
void report_print_regions(FILE *to, const struct bauta_region *regions, int n_regions);

#endif

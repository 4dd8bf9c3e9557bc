/* SPDX-License-Identifier: Apache-2.0 */

/* Prints the figures of two invented cameras, for metrics.py to check; in a locale, if there is
 * one, whose numbers have commas. */
#include <locale.h>
#include <stdio.h>

#include "http/metrics.h"

int main(void)
{
    static struct metrics_camera cameras[2] = {{.name = "front", .has_sub = true},
                                               {.name = "back-2"}};
    struct stats_values *front = &cameras[0].values;
    front->state = CAMERA_RUNNING;
    front->since_us = 1500000;
    front->pictures_in = 9007199254740991; /* 2^53 - 1: the largest that every reader takes */
    front->pictures_out = 3;
    front->faults[FAULT_STALL] = 7;
    front->detection_rate = 8.25;
    front->detection_ms = 120.5;
    front->targets = 4;
    front->recording = true;
    front->source_protected = true;
    front->detector_pid = 1;
    front->streams[STREAM_MAIN].bytes = 123456789;
    front->streams[STREAM_MAIN].last_us = 2000000;
    front->streams[STREAM_MAIN].latency =
        (struct latency){.p50 = 0.1, .p95 = 0.2, .p99 = 0.3, .sum = 12.5, .n = 100};
    setlocale(LC_ALL, "de_DE.UTF-8");
    GString *text = g_string_new(NULL);
    metrics_write(text, cameras, 2, 2500000);
    metrics_write_certificate(text, 1795566000);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    return 0;
}

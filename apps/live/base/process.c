/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Fields of /proc/PID/stat behind the name, which may hold anything: the first is the state, field
 * 3 of proc(5). */
enum {
    FIELD_USER = 14 - 3,
    FIELD_SYSTEM = 15 - 3,
    FIELD_THREADS = 20 - 3,
    FIELD_START = 22 - 3,
    FIELD_SIZE = 23 - 3,
    FIELD_RESIDENT = 24 - 3,
    N_FIELDS
};

static double boot_time(void)
{
    char *text = NULL;
    double seconds = 0;
    if (g_file_get_contents("/proc/stat", &text, NULL, NULL)) {
        const char *line = strstr(text, "\nbtime ");
        seconds = line ? g_ascii_strtod(line + strlen("\nbtime "), NULL) : 0;
    }
    g_free(text);
    return seconds;
}

static int count_descriptors(const char *folder)
{
    GDir *directory = g_dir_open(folder, 0, NULL);
    int n = -1;
    if (directory) {
        n = 0;
        while (g_dir_read_name(directory))
            n++;
        g_dir_close(directory);
        n--; /* the one that lists them */
    }
    return n;
}

static bool read_stat(struct process_values *values, const char *text)
{
    const char *behind_name = strrchr(text, ')');
    if (!behind_name || behind_name[1] != ' ')
        return false;
    char **fields = g_strsplit(behind_name + 2, " ", -1);
    const bool whole = g_strv_length(fields) >= N_FIELDS;
    if (whole) {
        const double ticks = (double)sysconf(_SC_CLK_TCK);
        values->cpu_s = (g_ascii_strtod(fields[FIELD_USER], NULL) +
                         g_ascii_strtod(fields[FIELD_SYSTEM], NULL)) /
                        ticks;
        values->start_s = boot_time() + g_ascii_strtod(fields[FIELD_START], NULL) / ticks;
        values->threads = (int)g_ascii_strtoll(fields[FIELD_THREADS], NULL, 10);
        values->virtual_size = g_ascii_strtoull(fields[FIELD_SIZE], NULL, 10);
        values->resident =
            g_ascii_strtoull(fields[FIELD_RESIDENT], NULL, 10) * (guint64)sysconf(_SC_PAGESIZE);
    }
    g_strfreev(fields);
    return whole;
}

bool process_read(struct process_values *values, int pid)
{
    char *folder = pid ? g_strdup_printf("/proc/%d", pid) : g_strdup("/proc/self");
    char *path = g_build_filename(folder, "stat", NULL), *text = NULL;
    *values = (struct process_values){.descriptors = -1, .max_descriptors = -1};
    const bool found = g_file_get_contents(path, &text, NULL, NULL) && read_stat(values, text);
    g_free(path);
    g_free(text);
    if (found) {
        path = g_build_filename(folder, "fd", NULL);
        values->descriptors = count_descriptors(path);
        g_free(path);
    }
    g_free(folder);
    struct rlimit limit;
    if (!pid && !getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur != RLIM_INFINITY)
        values->max_descriptors = (gint64)limit.rlim_cur;
    return found;
}

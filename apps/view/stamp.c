/* SPDX-License-Identifier: Apache-2.0 */
#include "stamp.h"

#include <glib.h>

char *stamp_new(const struct stat *status)
{
    return g_strdup_printf("\"%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER
                           "x-%" G_GINT64_MODIFIER "x.%lx\"",
                           (guint64)status->st_dev, (guint64)status->st_ino,
                           (guint64)status->st_size, (guint64)status->st_mtim.tv_sec,
                           (unsigned long)status->st_mtim.tv_nsec);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "element_log.h"

GST_DEBUG_CATEGORY(bauta_category);

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    static const GstDebugLevel levels[] = {[BAUTA_LOG_ERROR] = GST_LEVEL_ERROR,
                                           [BAUTA_LOG_WARNING] = GST_LEVEL_WARNING,
                                           [BAUTA_LOG_INFO] = GST_LEVEL_INFO,
                                           [BAUTA_LOG_DEBUG] = GST_LEVEL_DEBUG};
    (void)user;
    GST_CAT_LEVEL_LOG(bauta_category, levels[level], NULL, "%s", sentence);
}

const struct bauta_log category_log = {say, NULL};

static void keep(void *user, enum bauta_log_level level, const char *sentence)
{
    struct element_log *said = user;
    say(NULL, level, sentence);
    g_strlcpy(said->last, sentence, sizeof(said->last));
}

void element_log_init(struct element_log *said)
{
    *said = (struct element_log){.log = {keep, said}};
}

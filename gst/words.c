/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

GST_DEBUG_CATEGORY(bauta_words);

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    static const GstDebugLevel levels[] = {[BAUTA_LOG_ERROR] = GST_LEVEL_ERROR,
                                           [BAUTA_LOG_WARNING] = GST_LEVEL_WARNING,
                                           [BAUTA_LOG_INFO] = GST_LEVEL_INFO,
                                           [BAUTA_LOG_DEBUG] = GST_LEVEL_DEBUG};
    (void)user;
    GST_CAT_LEVEL_LOG(bauta_words, levels[level], NULL, "%s", sentence);
}

const struct bauta_log words_log = {say, NULL};

static void keep(void *user, enum bauta_log_level level, const char *sentence)
{
    struct words *words = user;
    say(NULL, level, sentence);
    g_strlcpy(words->last, sentence, sizeof(words->last));
}

void words_init(struct words *words)
{
    *words = (struct words){.log = {keep, words}};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "live.h"

#include "answer.h"

bool live_is_address(const char *text)
{
    return g_ascii_strncasecmp(text, "rtsp://", 7) == 0 ||
           g_ascii_strncasecmp(text, "rtsps://", 8) == 0;
}

struct live *live_new(const char *address, const struct bauta_signer *const *signers, int n_signers,
                      char **problem)
{
    (void)signers;
    (void)n_signers;
    *problem = g_strdup_printf("%s: not yet", address);
    return NULL;
}

void live_free(struct live *live)
{
    (void)live;
}

const char *live_name(const struct live *live)
{
    (void)live;
    return "";
}

void live_answer(struct live *live, SoupServerMessage *message)
{
    (void)live;
    answer_problem(message, 503, "not yet");
}

char *live_look(struct live *live)
{
    (void)live;
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "hidden_whole.h"

#include <stdio.h>

#include "say.h"

void hidden_whole_warn(const struct bauta_protect_result *r, const char *regions)
{
    static const char *const reasons[BAUTA_N_WHOLE] = {
        [BAUTA_WHOLE_CROWD] = "with more people than can be hidden one by one",
        [BAUTA_WHOLE_UNCLEAR] = "in which somebody is named twice",
        [BAUTA_WHOLE_DETECTOR] = "that the detector could not look at",
        [BAUTA_WHOLE_UNLOOKED] = "that nobody looked at in time",
        [BAUTA_WHOLE_UNSAID] = "without a line in",
        [BAUTA_WHOLE_GIVEN] = "as told by"};
    unsigned long long n = 0;
    for (int i = BAUTA_WHOLE_CROWD; i < BAUTA_N_WHOLE; i++)
        n += r->n_whole[i];
    if (n == 0)
        return;
    char why[4096] = "";
    size_t size = 0;
    for (int i = BAUTA_WHOLE_CROWD; i < BAUTA_N_WHOLE; i++) {
        if (r->n_whole[i] == 0)
            continue;
        bool of_file = i == BAUTA_WHOLE_UNSAID || i == BAUTA_WHOLE_GIVEN;
        if (size < sizeof(why))
            size +=
                (size_t)snprintf(why + size, sizeof(why) - size, "%s%llu %s%s%.1000s",
                                 size ? ", " : "", (unsigned long long)r->n_whole[i], reasons[i],
                                 of_file ? " " : "", of_file && regions ? regions : "");
    }
    cli_warn("%llu of %llu pictures were hidden whole, and can be recovered: %s", n,
             (unsigned long long)r->n_pictures, why);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include <bauta/whole.h>

const char *bauta_whole_name(enum bauta_whole whole)
{
    static const char *const names[BAUTA_N_WHOLE] = {
        [BAUTA_WHOLE_CROWD] = "crowd",       [BAUTA_WHOLE_UNCLEAR] = "unclear",
        [BAUTA_WHOLE_DETECTOR] = "detector", [BAUTA_WHOLE_UNLOOKED] = "unlooked",
        [BAUTA_WHOLE_UNSAID] = "unsaid",     [BAUTA_WHOLE_GIVEN] = "given"};
    return (unsigned)whole < BAUTA_N_WHOLE ? names[whole] : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TORN_H
#define TORN_H

#include <stdbool.h>

/* Makes a recording that was not ended one that can be played: an MP4 (ISO/IEC 14496-12,
 * section 8.8) is cut after its last whole fragment, a Matroska file stays as it is. False if there
 * is no whole fragment, no picture, or the file cannot be read. */
bool torn_mend(const char *path);

#endif

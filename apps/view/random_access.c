/* SPDX-License-Identifier: Apache-2.0 */
#include "random_access.h"

static bool begins(enum bauta_codec codec, uint8_t head)
{
    const int type = codec == BAUTA_CODEC_H265 ? head >> 1 & 0x3f : head & 0x1f;
    return codec == BAUTA_CODEC_H265 ? type >= 16 && type <= 21 : type == 5;
}

bool random_access_is(enum bauta_codec codec, struct bauta_bytes unit)
{
    for (size_t i = 3; i < unit.size; i++)
        if (unit.data[i - 1] == 1 && unit.data[i - 2] == 0 && unit.data[i - 3] == 0 &&
            begins(codec, unit.data[i]))
            return true;
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include <bauta/target.h>

const char *bauta_class_name(enum bauta_class class_)
{
    switch (class_) {
    case BAUTA_CLASS_FACE:
        return "face";
    case BAUTA_CLASS_HEAD:
        return "head";
    case BAUTA_CLASS_BODY:
        return "body";
    }
    return NULL;
}

const char *bauta_source_name(enum bauta_source source)
{
    switch (source) {
    case BAUTA_SOURCE_DETECTED:
        return "detected";
    case BAUTA_SOURCE_ESTIMATED:
        return "estimated";
    case BAUTA_SOURCE_PREDICTED:
        return "predicted";
    case BAUTA_SOURCE_HELD:
        return "held";
    case BAUTA_SOURCE_GIVEN:
        return "given";
    }
    return NULL;
}

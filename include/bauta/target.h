/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_TARGET_H
#define BAUTA_TARGET_H

#include <stdint.h>

#include <bauta/picture.h>
#include <bauta/status.h>

/* What of a person a region covers. The numbers are those on the wire (docs/format.md). */
enum bauta_class {
    BAUTA_CLASS_FACE = 1, /* a face that was seen */
    BAUTA_CLASS_HEAD = 2, /* the area of a head, estimated from the body */
    BAUTA_CLASS_BODY = 3  /* a whole person */
};

/* Where a region comes from. */
enum bauta_source {
    BAUTA_SOURCE_DETECTED,  /* a detector saw it in this picture */
    BAUTA_SOURCE_ESTIMATED, /* derived from another detection of this picture (a head from its body)
                             */
    BAUTA_SOURCE_PREDICTED, /* moved on from earlier pictures */
    BAUTA_SOURCE_HELD,      /* kept after the last sight */
    BAUTA_SOURCE_GIVEN      /* named by the caller */
};

/* Sets of classes. */
enum {
    BAUTA_MASK_FACE = 1 << BAUTA_CLASS_FACE | 1 << BAUTA_CLASS_HEAD,
    BAUTA_MASK_BODY = 1 << BAUTA_CLASS_BODY,
    BAUTA_MASK_BOTH = BAUTA_MASK_FACE | BAUTA_MASK_BODY
};

/* The number of the target that stands for a whole hidden picture. */
#define BAUTA_TARGET_WHOLE_PICTURE 0u

/* From here on numbers stand for areas that are always hidden. */
#define BAUTA_TARGET_AREA 0xffffff00u

/*
 * One rectangle of one picture that is hidden. `target` names a person for as long as he or she is
 * followed, so a person's face and body are two regions of one target; numbers start at 1.
 */
struct bauta_region {
    uint32_t target;
    enum bauta_class class_;
    struct bauta_rect rect;
    int block; /* edge of a mosaic block in luma pixels; 0 when given: chosen from the size */
    enum bauta_source source;
};

/* "face", "head" or "body"; NULL for another number. */
BAUTA_API const char *bauta_class_name(enum bauta_class class_);
/* "detected", "estimated", "predicted", "held" or "given"; NULL for another number. */
BAUTA_API const char *bauta_source_name(enum bauta_source source);

#endif

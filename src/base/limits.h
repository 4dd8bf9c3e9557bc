/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_LIMITS_H
#define BT_LIMITS_H

/* Bounds that hold for every input, trusted or not.
 * Those on the wire stand in docs/format.md too. */
#define BT_MAX_SIDE         16384       /* pixels: larger than any level of H.264 or H.265 */
#define BT_MIN_SIDE         16          /* pixels: the least the encoders take */
#define BT_MAX_REGIONS      512         /* regions of one picture */
#define BT_MAX_COVER        16          /* areas of a picture's regions together, in pictures */
#define BT_MAX_OPENED       64          /* the same of the windows that are decoded for it, */
#define BT_LEAST_OPENED     (4 << 20)   /* or so many pixels, if that is more */
#define BT_MAX_OBJECT_SIZE  (8u << 20)  /* bytes of one object unit */
#define BT_MAX_MESSAGE_SIZE (64u << 20) /* bytes of one message */
#define BT_MAX_OBJECTS      1024        /* object streams that a reader holds open at once */
#define BT_MAX_PENDING      1024 /* pictures between mask and attach, or collect and reveal */

#endif

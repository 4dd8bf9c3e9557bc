/* SPDX-License-Identifier: Apache-2.0 */

/* Compiled by check.sh with LEAK naming one case: the twin with WRONG must not compile. */

#include "codec/decode.h"
#include "codec/encode.h"
#include "mask/mosaic.h"
#include "mask/reveal.h"
#include "recovery/messages.h"
#include "recovery/picture_message.h"

#ifdef WRONG
#define CHOOSE(wrong, right) wrong
#else
#define CHOOSE(wrong, right) right
#endif

enum bauta_status leak(struct bt_encode *encode, struct bt_decoded *decoded, struct bt_buffer *out,
                       struct bt_clear *clear, struct bt_masked *masked,
                       struct bt_revealed *revealed, struct bt_record *record,
                       struct bt_capsule *capsule, struct bt_crop *crop, struct bt_frame *frame,
                       const struct bt_plan *plan, const struct bt_opened *opened);

enum bauta_status leak(struct bt_encode *encode, struct bt_decoded *decoded, struct bt_buffer *out,
                       struct bt_clear *clear, struct bt_masked *masked,
                       struct bt_revealed *revealed, struct bt_record *record,
                       struct bt_capsule *capsule, struct bt_crop *crop, struct bt_frame *frame,
                       const struct bt_plan *plan, const struct bt_opened *opened)
{
    (void)encode, (void)decoded, (void)out, (void)clear, (void)masked, (void)revealed;
    (void)record, (void)capsule, (void)crop, (void)frame, (void)plan, (void)opened;
#if LEAK == 1 /* a clear picture for the base encoder */
    return bt_encode_push_masked(encode, CHOOSE(clear, masked), 0, false);
#elif LEAK == 2 /* a crop for the base encoder */
    return bt_encode_push_masked(encode, CHOOSE(crop, masked), 0, false);
#elif LEAK == 3 /* a recovered picture for the base encoder of a protected file */
    return bt_encode_push_masked(encode, CHOOSE(revealed, masked), 0, false);
#elif LEAK == 4 /* a record for the stream */
    bt_picture_message_write_capsule(out, CHOOSE(record, capsule));
    return BAUTA_OK;
#elif LEAK == 5 /* an untyped picture for the base encoder */
    return bt_encode_push_masked(encode, CHOOSE(&frame->picture, masked), 0, false);
#elif LEAK == 6 /* a clear picture taken for a masked one */
    bt_reveal_compose(revealed, frame, CHOOSE(clear, masked), plan, opened);
    return BAUTA_OK;
#elif LEAK == 7 /* a masked picture straight from a clear source */
    CHOOSE(bt_decoded_view_clear(masked, decoded), bt_decoded_view_clear(clear, decoded));
    return BAUTA_OK;
#else
#error "no such case"
#endif
}

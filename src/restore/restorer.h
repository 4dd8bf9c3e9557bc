/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RESTORER_H
#define BT_RESTORER_H

#include <bauta/restorer.h>

#include "base/privacy.h"
#include "recovery/wire.h"

/*
 * The typed door that the pipeline uses; bauta_restorer_reveal() is built on the same. `revealed`
 * is the restorer's memory, good until its next call, and always shows a picture: masked where
 * nothing could or should be opened. With `show` false the objects are only followed (their later
 * pictures build on this one) and everything stays masked.
 */
BAUTA_MUST_CHECK enum bauta_status bt_restorer_reveal(struct bauta_restorer *restorer,
                                                      struct bauta_reveal_report *report,
                                                      struct bt_revealed *revealed,
                                                      const struct bt_masked *masked, int64_t pts,
                                                      bool show);

/* How many pictures, by the numbers in the picture messages that were met, are not in the
 * recording: it was cut inside an epoch, or they were lost on the way. Those after the last of an
 * epoch are not known of. */
uint64_t bt_restorer_absent(const struct bauta_restorer *restorer);

#endif

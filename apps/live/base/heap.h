/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HEAP_H
#define HEAP_H

/*
 * Encoders of all sizes come and go for months. What they free shall go back to the system, not
 * stay in pieces between what is used (glibc's malloc).
 */

/* Before the first thread is started. */
void heap_tame(void);
/* From now on once a minute, by the main loop; `heap_stop_trimming(heap_start_trimming())`. */
unsigned heap_start_trimming(void);
void heap_stop_trimming(unsigned timer);

#endif

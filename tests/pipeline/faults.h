/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_FAULTS_H
#define BT_TESTS_FAULTS_H

/*
 * Parts of the real program that fail on demand. The linker puts a wrapper before each of them
 * (--wrap, see meson.build): it calls the real part until the count is used up, then it fails.
 */
enum fault_part { FAULT_OBJECT_ENCODE, FAULT_SEAL, FAULT_BASE_ENCODE, FAULT_WRITE, N_FAULT_PARTS };

/* `part` fails from its call number `n` on, counted from 0; a negative number heals it. Only
 * between runs. */
void fault_at(enum fault_part part, int n);

#endif

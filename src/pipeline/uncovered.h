/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_UNCOVERED_H
#define BT_UNCOVERED_H

/* What is said where one of the two is missing that times are held against each other by. */
#define BT_UNCOVERED_INSIDE "times inside epochs (signed before times were)"
#define BT_UNCOVERED_TIMES  "times (the file tells none)"

#endif

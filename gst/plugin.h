/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGIN_H
#define PLUGIN_H

#define PLUGIN_AUTHOR "The authors of Bauta"

#endif

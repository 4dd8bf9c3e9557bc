/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TLS_H
#define TLS_H

/*
 * TLS of this process: 1.2 and later, towards clients and cameras alike. GLib's GnuTLS takes what
 * is spoken from one environment variable, when it is first used, and speaks 1.0 without it.
 */

/* To be called before anything else of GLib's. NULL, or what the environment says that is weaker:
 * then nothing may be opened. The caller frees it. */
char *tls_harden(void);

#endif

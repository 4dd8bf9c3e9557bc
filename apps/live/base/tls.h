/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TLS_H
#define TLS_H

#include <gio/gio.h>

/*
 * TLS of this process: 1.2 and later, towards clients and cameras alike. GLib's GnuTLS takes what
 * is spoken from one environment variable, when it is first used, and speaks 1.0 without it.
 */

/* To be called before anything else of GLib's. NULL, or what the environment says that is weaker:
 * then nothing may be opened. The caller frees it. */
char *tls_harden(void);

/* Who vouches for a certificate: the system's authorities; or nobody, which is what a connection
 * has that names neither. The caller unrefs it. */
GTlsDatabase *tls_authorities(void);
GTlsDatabase *tls_nobody(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_BAUTA_H
#define BAUTA_BAUTA_H

/*
 * All of Bauta's library. Start here.
 *
 * Which header for which task:
 *
 *   hide people in a camera's pictures, and keep them sealed    protector.h
 *     what is looked for, and how it is hidden                  find.h, hide.h
 *     a detector in a process of its own                        detector.h
 *     your own encoder for what is hidden                       object_codec.h
 *   show what was hidden, to those who hold a key               restorer.h
 *   keys; groups of whom some must agree                        key.h, group.h
 *   rights to people, times or classes; the log of their use    grant.h, audit.h
 *   say what a stream holds, without any key                    inspector.h
 *   say what is authentic                                       verifier.h
 *   sign reports and other documents                            evidence.h
 *   do one of these with a whole file                           file.h
 *   write a file so that nothing half stands under its name     work_file.h
 *   which way up pictures are shown                             view.h, turn.h
 *   check settings that people typed                            setting.h
 *   guard a process that handles keys                           secrets.h
 *
 * In which order to read: status.h (what every call returns), picture.h, key.h, protector.h with
 * its loop, restorer.h. The rest when it is needed. examples/camera.c is the loop as a program.
 *
 * What holds everywhere: an argument is borrowed for the call, unless its comment says otherwise.
 * What ..._new() or ..._read() made is freed by ..._free(&it), which sets it to NULL. A call that
 * failed leaves NULL there, which ..._free() takes, too. An object is used by one thread at a time.
 */
#include <bauta/audit.h>
#include <bauta/bytes.h>
#include <bauta/codec.h>
#include <bauta/detector.h>
#include <bauta/evidence.h>
#include <bauta/file.h>
#include <bauta/find.h>
#include <bauta/grant.h>
#include <bauta/group.h>
#include <bauta/hide.h>
#include <bauta/inspector.h>
#include <bauta/key.h>
#include <bauta/log.h>
#include <bauta/object_codec.h>
#include <bauta/picture.h>
#include <bauta/protector.h>
#include <bauta/restorer.h>
#include <bauta/run.h>
#include <bauta/secrets.h>
#include <bauta/setting.h>
#include <bauta/status.h>
#include <bauta/target.h>
#include <bauta/turn.h>
#include <bauta/verifier.h>
#include <bauta/version.h>
#include <bauta/view.h>
#include <bauta/whole.h>
#include <bauta/work_file.h>

#endif

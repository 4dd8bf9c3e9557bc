/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RUNTIME_H
#define BT_RUNTIME_H

#include <stdint.h>

#include <bauta/log.h>
#include <bauta/status.h>

/*
 * ONNX Runtime through its C interface, loaded when it is needed: without it the library works but
 * for detection, and says so.
 */
struct bt_runtime;

/* Opens libonnxruntime.so.1 from `data_dir`/lib,
 * or wherever the system has it. BAUTA_ERR_DETECTOR. */
BAUTA_MUST_CHECK enum bauta_status
bt_runtime_open(struct bt_runtime **runtime, const char *data_dir, const struct bauta_log *log);
void bt_runtime_close(struct bt_runtime **runtime);

enum { BT_MAX_TENSOR_SIDES = 4, BT_MAX_TENSORS = 16 };

/* An array of floats, the last side running fastest. */
struct bt_tensor {
    const char *name;
    int n_sides;
    int64_t sides[BT_MAX_TENSOR_SIDES]; /* of a model's input, -1: any */
    const float *values;                /* the session's memory, good until its next run */
};

/* One loaded model with one input. One thread at a time. */
struct bt_session;

/* BAUTA_ERR_DETECTOR: the file cannot be read, is no model, or has not exactly one float input. */
BAUTA_MUST_CHECK enum bauta_status bt_session_load(struct bt_session **session,
                                                   struct bt_runtime *runtime, const char *path,
                                                   int n_threads, const struct bauta_log *log);
void bt_session_free(struct bt_session **session);
const struct bt_tensor *bt_session_input(const struct bt_session *session);
const char *bt_session_path(const struct bt_session *session);

/* Runs the model on `values`, an array of `sides` (as many as the input has). `*outputs` are all
 * the model's outputs, `*n_outputs` of them. BAUTA_ERR_DETECTOR. */
BAUTA_MUST_CHECK enum bauta_status bt_session_run(struct bt_session *session,
                                                  const struct bt_tensor **outputs, int *n_outputs,
                                                  float *values, const int64_t *sides);

#endif

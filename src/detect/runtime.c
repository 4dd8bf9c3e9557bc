/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/runtime.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onnxruntime_c_api.h>

#include "base/log.h"

/* The lowest version of the interface that has what is called here:
 * older and newer libraries work. */
enum { API_VERSION = 17 };

struct bt_runtime {
    void *library;
    const OrtApi *api;
    OrtEnv *environment;
    OrtMemoryInfo *memory;
};

struct bt_session {
    struct bt_runtime *runtime;
    OrtSession *session;
    char *path;
    const struct bauta_log *log;
    struct bt_tensor input;
    char *names[1 + BT_MAX_TENSORS]; /* of the input, then of the outputs; ORT's memory */
    int n_outputs;
    OrtValue *values[BT_MAX_TENSORS];
    struct bt_tensor outputs[BT_MAX_TENSORS];
};

static const OrtApi *load_library(void **library, const char *data_dir)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/lib/libonnxruntime.so.1", data_dir);
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*library)
        *library = dlopen("libonnxruntime.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!*library)
        return NULL;
    /* ISO C has no way from void * to a function; POSIX says the bits are the same. */
    const OrtApiBase *(*base)(void) = NULL;
    void *symbol = dlsym(*library, "OrtGetApiBase");
    memcpy(&base, &symbol, sizeof(base));
    return base ? base()->GetApi(API_VERSION) : NULL;
}

/* True if ORT is content; else says why and frees its words. */
static bool content(const OrtApi *api, OrtStatus *status, const struct bauta_log *log,
                    const char *subject)
{
    if (!status)
        return true;
    bt_log(log, BAUTA_LOG_ERROR, "%s: %s", subject, api->GetErrorMessage(status));
    api->ReleaseStatus(status);
    return false;
}

enum bauta_status bt_runtime_open(struct bt_runtime **runtime, const char *data_dir,
                                  const struct bauta_log *log)
{
    *runtime = NULL;
    struct bt_runtime *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = BAUTA_OK;
    r->api = load_library(&r->library, data_dir);
    if (!r->api)
        status = bt_log_fail(log, BAUTA_ERR_DETECTOR,
                             "%s/lib/libonnxruntime.so.1: the inference runtime cannot be loaded; "
                             "'./dev build' fetches it",
                             data_dir);
    else if (!content(r->api, r->api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "bauta", &r->environment),
                      log, "onnxruntime") ||
             !content(r->api,
                      r->api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &r->memory),
                      log, "onnxruntime"))
        status = BAUTA_ERR_DETECTOR;
    if (status)
        bt_runtime_close(&r);
    *runtime = r;
    return status;
}

void bt_runtime_close(struct bt_runtime **runtime)
{
    struct bt_runtime *r = *runtime;
    if (!r)
        return;
    if (r->memory)
        r->api->ReleaseMemoryInfo(r->memory);
    if (r->environment)
        r->api->ReleaseEnv(r->environment);
    /* The library stays loaded: it has threads and thread-local data that dlclose() would pull
     * away. */
    free(r);
    *runtime = NULL;
}

static OrtStatus *make_session(struct bt_session *s, int n_threads)
{
    const OrtApi *api = s->runtime->api;
    OrtSessionOptions *options = NULL;
    OrtStatus *status = api->CreateSessionOptions(&options);
    if (!status)
        status = api->SetIntraOpNumThreads(options, n_threads);
    if (!status)
        status = api->SetInterOpNumThreads(options, 1);
    if (!status)
        status = api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL);
    if (!status) /* the encoder shares the processors: waiting threads must sleep */
        status = api->AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0");
    if (!status)
        status = api->CreateSession(s->runtime->environment, s->path, options, &s->session);
    if (options)
        api->ReleaseSessionOptions(options);
    return status;
}

/* Reads type and shape of the input. */
static OrtStatus *describe_input(struct bt_session *s, bool *is_float)
{
    const OrtApi *api = s->runtime->api;
    OrtTypeInfo *type = NULL;
    const OrtTensorTypeAndShapeInfo *shape = NULL;
    ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    size_t n_sides = 0;
    OrtStatus *status = api->SessionGetInputTypeInfo(s->session, 0, &type);
    if (!status)
        status = api->CastTypeInfoToTensorInfo(type, &shape);
    if (!status && shape)
        status = api->GetTensorElementType(shape, &element);
    if (!status && shape)
        status = api->GetDimensionsCount(shape, &n_sides);
    *is_float = element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && n_sides == BT_MAX_TENSOR_SIDES;
    if (!status && *is_float) {
        s->input.n_sides = (int)n_sides;
        status = api->GetDimensions(shape, s->input.sides, n_sides);
    }
    if (type)
        api->ReleaseTypeInfo(type);
    return status;
}

static OrtStatus *describe(struct bt_session *s, bool *fits)
{
    const OrtApi *api = s->runtime->api;
    OrtAllocator *allocator = NULL;
    size_t n_inputs = 0, n_outputs = 0;
    *fits = false;
    OrtStatus *status = api->GetAllocatorWithDefaultOptions(&allocator);
    if (!status)
        status = api->SessionGetInputCount(s->session, &n_inputs);
    if (!status)
        status = api->SessionGetOutputCount(s->session, &n_outputs);
    if (status || n_inputs != 1 || n_outputs < 1 || n_outputs > BT_MAX_TENSORS)
        return status;
    status = api->SessionGetInputName(s->session, 0, allocator, &s->names[0]);
    s->input.name = s->names[0];
    for (size_t i = 0; i < n_outputs && !status; i++) {
        status = api->SessionGetOutputName(s->session, i, allocator, &s->names[1 + i]);
        s->outputs[i].name = s->names[1 + i];
    }
    s->n_outputs = (int)n_outputs;
    return status ? status : describe_input(s, fits);
}

static enum bauta_status load(struct bt_session *s, int n_threads)
{
    const OrtApi *api = s->runtime->api;
    FILE *readable = fopen(s->path, "rb");
    if (!readable)
        return bt_log_fail(s->log, BAUTA_ERR_DETECTOR,
                           "%s: the model cannot be read; './dev build' makes the default ones",
                           s->path);
    fclose(readable);
    if (!content(api, make_session(s, n_threads), s->log, s->path))
        return BAUTA_ERR_DETECTOR;
    bool fits;
    if (!content(api, describe(s, &fits), s->log, s->path))
        return BAUTA_ERR_DETECTOR;
    return fits
               ? BAUTA_OK
               : bt_log_fail(s->log, BAUTA_ERR_DETECTOR,
                             "%s: not a picture detector: it must have one input of four sides and "
                             "type float",
                             s->path);
}

enum bauta_status bt_session_load(struct bt_session **session, struct bt_runtime *runtime,
                                  const char *path, int n_threads, const struct bauta_log *log)
{
    *session = NULL;
    struct bt_session *s = calloc(1, sizeof(*s));
    if (!s)
        return BAUTA_ERR_MEMORY;
    s->runtime = runtime;
    s->log = log;
    s->path = strdup(path);
    enum bauta_status status = s->path ? load(s, n_threads) : BAUTA_ERR_MEMORY;
    if (status)
        bt_session_free(&s);
    *session = s;
    return status;
}

static void release_values(struct bt_session *s)
{
    for (int i = 0; i < BT_MAX_TENSORS; i++) {
        if (s->values[i])
            s->runtime->api->ReleaseValue(s->values[i]);
        s->values[i] = NULL;
    }
}

void bt_session_free(struct bt_session **session)
{
    struct bt_session *s = *session;
    if (!s)
        return;
    const OrtApi *api = s->runtime->api;
    OrtAllocator *allocator = NULL;
    release_values(s);
    OrtStatus *status = api->GetAllocatorWithDefaultOptions(&allocator);
    for (int i = 0; i < 1 + BT_MAX_TENSORS && !status; i++)
        if (s->names[i])
            status = api->AllocatorFree(allocator, s->names[i]);
    if (status)
        api->ReleaseStatus(status);
    if (s->session)
        api->ReleaseSession(s->session);
    free(s->path);
    free(s);
    *session = NULL;
}

const struct bt_tensor *bt_session_input(const struct bt_session *s)
{
    return &s->input;
}

const char *bt_session_path(const struct bt_session *s)
{
    return s->path;
}

/* Fills in an output's shape and values. */
static OrtStatus *view_output(struct bt_session *s, int index)
{
    const OrtApi *api = s->runtime->api;
    struct bt_tensor *t = &s->outputs[index];
    OrtTensorTypeAndShapeInfo *shape = NULL;
    size_t n_sides = 0;
    void *values = NULL;
    t->n_sides = 0;
    OrtStatus *status = api->GetTensorTypeAndShape(s->values[index], &shape);
    if (!status)
        status = api->GetDimensionsCount(shape, &n_sides);
    if (!status && n_sides <= BT_MAX_TENSOR_SIDES) {
        t->n_sides = (int)n_sides;
        status = api->GetDimensions(shape, t->sides, n_sides);
    }
    if (!status)
        status = api->GetTensorMutableData(s->values[index], &values);
    t->values = values;
    if (shape)
        api->ReleaseTensorTypeAndShapeInfo(shape);
    return status;
}

enum bauta_status bt_session_run(struct bt_session *s, const struct bt_tensor **outputs,
                                 int *n_outputs, float *values, const int64_t *sides)
{
    const OrtApi *api = s->runtime->api;
    size_t count = 1;
    for (int i = 0; i < s->input.n_sides; i++)
        count *= (size_t)sides[i];
    release_values(s);
    OrtValue *input = NULL;
    OrtStatus *status = api->CreateTensorWithDataAsOrtValue(
        s->runtime->memory, values, count * sizeof(float), sides, (size_t)s->input.n_sides,
        ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &input);
    const char *names[1 + BT_MAX_TENSORS];
    for (int i = 0; i < 1 + s->n_outputs; i++)
        names[i] = s->names[i];
    if (!status)
        status = api->Run(s->session, NULL, names, (const OrtValue *const *)&input, 1, names + 1,
                          (size_t)s->n_outputs, s->values);
    if (input)
        api->ReleaseValue(input);
    for (int i = 0; i < s->n_outputs && !status; i++)
        status = view_output(s, i);
    *outputs = s->outputs;
    *n_outputs = s->n_outputs;
    return content(api, status, s->log, s->path) ? BAUTA_OK : BAUTA_ERR_DETECTOR;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one ONNX model from Python (calibrate.py, compare.py): a few calls of ONNX Runtime's C interface.
 * A tool of the model builder; the product has its own (src/detect/runtime.c). Any error ends the process. */
#include <onnxruntime_c_api.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_OUTPUTS = 256 };

static const OrtApi *api;
static OrtEnv *env;

struct run {
    OrtSession *session;
    OrtMemoryInfo *memory;
    char *input;
    char *outputs[MAX_OUTPUTS];
    OrtValue *values[MAX_OUTPUTS];
    size_t n_outputs;
};

static void check(OrtStatus *status)
{
    if (status != NULL) {
        fprintf(stderr, "ONNX Runtime: %s\n", api->GetErrorMessage(status));
        exit(1);
    }
}

struct run *run_open(const char *path, int threads)
{
    struct run *r = calloc(1, sizeof *r);
    if (r == NULL) abort();
    if (env == NULL) {
        api = OrtGetApiBase()->GetApi(17);
        if (api == NULL) {
            fprintf(stderr, "ONNX Runtime is too old\n");
            exit(1);
        }
        check(api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "models", &env));
    }
    OrtSessionOptions *options;
    check(api->CreateSessionOptions(&options));
    check(api->SetIntraOpNumThreads(options, threads));
    check(api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL));
    check(api->CreateSession(env, path, options, &r->session));
    api->ReleaseSessionOptions(options);
    check(api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &r->memory));

    OrtAllocator *allocator;
    check(api->GetAllocatorWithDefaultOptions(&allocator));
    check(api->SessionGetInputName(r->session, 0, allocator, &r->input));
    check(api->SessionGetOutputCount(r->session, &r->n_outputs));
    if (r->n_outputs > MAX_OUTPUTS) abort();
    for (size_t i = 0; i < r->n_outputs; i++)
        check(api->SessionGetOutputName(r->session, i, allocator, &r->outputs[i]));
    return r;
}

size_t run_output_count(const struct run *r)
{
    return r->n_outputs;
}

const char *run_output_name(const struct run *r, size_t i)
{
    return r->outputs[i];
}

/* The outputs stay valid until the next call. */
void run_once(struct run *r, float *data, const int64_t *sides, size_t n_sides)
{
    size_t count = 1;
    for (size_t i = 0; i < n_sides; i++) count *= (size_t)sides[i];
    for (size_t i = 0; i < r->n_outputs; i++) {
        if (r->values[i] != NULL) api->ReleaseValue(r->values[i]);
        r->values[i] = NULL;
    }
    OrtValue *in;
    check(api->CreateTensorWithDataAsOrtValue(r->memory, data, count * sizeof *data, sides, n_sides,
                                              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &in));
    check(api->Run(r->session, NULL, (const char *const *)&r->input, (const OrtValue *const *)&in, 1,
                   (const char *const *)r->outputs, r->n_outputs, r->values));
    api->ReleaseValue(in);
}

/* Room for eight sides. */
const float *run_output(const struct run *r, size_t i, int64_t *sides, size_t *n_sides)
{
    OrtTensorTypeAndShapeInfo *shape;
    float *data;
    check(api->GetTensorTypeAndShape(r->values[i], &shape));
    check(api->GetDimensionsCount(shape, n_sides));
    if (*n_sides > 8) abort();
    check(api->GetDimensions(shape, sides, *n_sides));
    api->ReleaseTensorTypeAndShapeInfo(shape);
    check(api->GetTensorMutableData(r->values[i], (void **)&data));
    return data;
}

# SPDX-License-Identifier: Apache-2.0
"""Runs a model through the C interface of ONNX Runtime, for the scripts that measure. Needs its library and
header, which ./dev setup puts into vendor/.

The interface is a table of function pointers; their order is read from the header.
"""
import ctypes
import os
import re
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_uint32, c_void_p

import numpy as np

API_VERSION = 17
FLOAT = 1


class Runtime:
    def __init__(self, vendor):
        header = os.path.join(vendor, 'include', 'onnxruntime', 'onnxruntime_c_api.h')
        with open(header, encoding='utf-8') as file:
            self._names = _function_names(file.read())
        library = ctypes.CDLL(os.path.join(vendor, 'lib', 'libonnxruntime.so.1'))
        library.OrtGetApiBase.restype = POINTER(c_void_p)
        get_api = ctypes.CFUNCTYPE(c_void_p, c_uint32)(library.OrtGetApiBase()[0])
        self._table = ctypes.cast(get_api(API_VERSION), POINTER(c_void_p))
        self.environment = c_void_p()
        self.call('CreateEnv', c_int(3), c_char_p(b'models'), byref(self.environment))

    def function(self, name, result):
        return ctypes.CFUNCTYPE(result)(self._table[self._names.index(name)])

    def call(self, name, *arguments):
        status = self.function(name, c_void_p)(*arguments)
        if status:
            message = self.function('GetErrorMessage', c_char_p)(c_void_p(status))
            raise RuntimeError(f'{name}: {message.decode()}')


def _function_names(header):
    """The names of the members of struct OrtApi, in order."""
    body = re.search(r'^struct OrtApi \{(.*?)^\};', header, re.DOTALL | re.MULTILINE).group(1)
    body = re.sub(r'/\*.*?\*/|//[^\n]*', '', body, flags=re.DOTALL)
    member = re.compile(r'ORT_API2_STATUS\((\w+)|ORT_CLASS_RELEASE\((\w+)|\(ORT_API_CALL\s*\*\s*(\w+)\)|'
                        r'\(\s*\*\s*(\w+)\)')
    return ['Release' + found[1] if found[1] else ''.join(found) for found in member.findall(body)]


class Session:
    """One model, one thread. Call it with the input array; gives {name: array}."""

    def __init__(self, runtime, path, n_threads=1):
        self._runtime, self._session = runtime, c_void_p()
        options = c_void_p()
        runtime.call('CreateSessionOptions', byref(options))
        runtime.call('SetIntraOpNumThreads', options, c_int(n_threads))
        runtime.call('SetSessionGraphOptimizationLevel', options, c_int(99))
        runtime.call('CreateSession', runtime.environment, c_char_p(path.encode()), options, byref(self._session))
        self._inputs, self._outputs = self._names('Input'), self._names('Output')
        self._memory = c_void_p()
        runtime.call('CreateCpuMemoryInfo', c_int(1), c_int(0), byref(self._memory))

    def _names(self, kind):
        allocator, count = c_void_p(), c_size_t()
        self._runtime.call('GetAllocatorWithDefaultOptions', byref(allocator))
        self._runtime.call(f'SessionGet{kind}Count', self._session, byref(count))
        names = []
        for i in range(count.value):
            name = c_char_p()
            self._runtime.call(f'SessionGet{kind}Name', self._session, c_size_t(i), allocator, byref(name))
            names.append(name.value)
        return names

    def __call__(self, array):
        call = self._runtime.call
        array = np.ascontiguousarray(array, np.float32)
        tensor, shape = c_void_p(), (c_int64 * array.ndim)(*array.shape)
        call('CreateTensorWithDataAsOrtValue', self._memory, c_void_p(array.ctypes.data), c_size_t(array.nbytes),
             shape, c_size_t(array.ndim), c_int(FLOAT), byref(tensor))
        outputs = (c_void_p * len(self._outputs))()
        call('Run', self._session, c_void_p(), (c_char_p * 1)(*self._inputs), byref(tensor), c_size_t(1),
             (c_char_p * len(self._outputs))(*self._outputs), c_size_t(len(self._outputs)), outputs)
        self._runtime.function('ReleaseValue', None)(tensor)
        return {name.decode(): self._array(c_void_p(output)) for name, output in zip(self._outputs, outputs)}

    def _array(self, value):
        call, release = self._runtime.call, self._runtime.function
        kind, n_sides, data = c_void_p(), c_size_t(), c_void_p()
        call('GetTensorTypeAndShape', value, byref(kind))
        call('GetDimensionsCount', kind, byref(n_sides))
        shape = (c_int64 * n_sides.value)()
        call('GetDimensions', kind, shape, n_sides)
        call('GetTensorMutableData', value, byref(data))
        count = int(np.prod(shape[:]))
        array = np.array(np.ctypeslib.as_array(ctypes.cast(data, POINTER(ctypes.c_float)), (count,)))
        release('ReleaseTensorTypeAndShapeInfo', None)(kind)
        release('ReleaseValue', None)(value)
        return array.reshape(shape[:])

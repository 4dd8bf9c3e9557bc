# SPDX-License-Identifier: Apache-2.0
"""Runs ONNX models on pictures, for calibrate.py and compare.py. Needs a C compiler and ffmpeg.

ORT_DIR holds ONNX Runtime: lib/libonnxruntime.so.1 and include/onnxruntime/ (default: ../vendor).
"""

import ctypes
import os
import subprocess
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
MEAN = np.array([103.53, 116.28, 123.675], np.float32)  # blue, green, red
DEVIATION = np.array([57.375, 57.12, 58.395], np.float32)

_library = None


def _load():
    global _library
    if _library is None:
        ort = os.environ.get("ORT_DIR", os.path.join(HERE, "..", "vendor"))
        runtime = os.path.abspath(os.path.join(ort, "lib", "libonnxruntime.so.1"))
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "run.so")
            subprocess.run(["cc", "-std=c11", "-O2", "-shared", "-fPIC", "-isystem",
                            os.path.join(ort, "include", "onnxruntime"), os.path.join(HERE, "run.c"),
                            runtime, "-Wl,-rpath," + os.path.dirname(runtime), "-o", out], check=True)
            _library = ctypes.CDLL(out)
        _library.run_open.restype = ctypes.c_void_p
        _library.run_output_count.restype = ctypes.c_size_t
        _library.run_output_name.restype = ctypes.c_char_p
        _library.run_output.restype = ctypes.c_void_p
    return _library


class Session:
    def __init__(self, path, threads=1):
        self.library = _load()
        self.run = ctypes.c_void_p(self.library.run_open(path.encode(), threads))
        count = self.library.run_output_count(self.run)
        self.names = [self.library.run_output_name(self.run, ctypes.c_size_t(i)).decode()
                      for i in range(count)]

    def infer(self, data):
        """Runs the model; the outputs are not read."""
        data = np.ascontiguousarray(data, np.float32)
        sides = (ctypes.c_int64 * data.ndim)(*data.shape)
        pointer = data.ctypes.data_as(ctypes.c_void_p)
        self.library.run_once(self.run, pointer, sides, ctypes.c_size_t(data.ndim))

    def __call__(self, data):
        """The outputs by name."""
        self.infer(data)
        outputs = {}
        for i, name in enumerate(self.names):
            sides, rank = (ctypes.c_int64 * 8)(), ctypes.c_size_t()
            address = self.library.run_output(self.run, ctypes.c_size_t(i), sides, ctypes.byref(rank))
            shape = tuple(sides[:rank.value])
            values = (ctypes.c_float * int(np.prod(shape))).from_address(address)
            outputs[name] = np.frombuffer(values, np.float32).reshape(shape).copy()
        return outputs


def pictures(path, height, width, every=1):
    """The pictures of a photo or film, fitted into the top left of height x width, in blue-green-red."""
    choose = f"select=not(mod(n\\,{every})),"
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease:flags=area,pad={width}:{height}:0:0"
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-vf", choose + fit, "-vsync", "0",
                          "-f", "rawvideo", "-pix_fmt", "bgr24", "-"], check=True,
                         stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def nanodet_input(picture):
    return ((picture.astype(np.float32) - MEAN) / DEVIATION).transpose(2, 0, 1)[None]

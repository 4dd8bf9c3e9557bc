#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Converts NanoDet or FaceBoxes from TensorFlow.js to ONNX.

    convert.py nanodet|faceboxes MODEL.json OUT.onnx [--size HxW]

The graph is followed once with a fixed input size, so that every chain of Shape, Range, Pack, Fill...
(the anchors of FaceBoxes) becomes a constant. What is left becomes ONNX nodes.

TensorFlow keeps images as [batch, height, width, channels], ONNX wants the channels second. A tensor
here may therefore have two names in the ONNX graph: `plain`, in TensorFlow's order, and `first`, channels
first. Convolutions, pools and resizes work on `first`, elementwise operations on whichever exists, and a
Transpose node is written only where nothing else will do.
"""

import argparse
import sys

sys.dont_write_bytecode = True

import numpy as np

import onnx_write
import tfjs_model

DTYPE = {
    "DT_FLOAT": np.float32,
    "DT_DOUBLE": np.float64,
    "DT_INT32": np.int32,
    "DT_INT64": np.int64,
    "DT_UINT8": np.uint8,
}
TO_FIRST = (0, 3, 1, 2)
TO_LAST = (0, 2, 3, 1)


class Tensor:
    """sides are always in TensorFlow's order; value is set for constants only."""

    def __init__(self, sides, plain=None, first=None, value=None):
        self.sides = [int(s) for s in sides]
        self.plain = plain
        self.first = first
        self.value = value


def constant(value):
    value = np.asarray(value)
    return Tensor(value.shape, value=value)


def slice_of(node, sides, begin, end, step):
    """The Python index that a StridedSlice stands for."""
    masks = [node.attribute(m, 0) for m in ("begin_mask", "end_mask", "shrink_axis_mask")]
    if node.attribute("new_axis_mask", 0) or node.attribute("ellipsis_mask", 0):
        raise ValueError(f"{node.name}: this kind of slice is not supported")
    index = []
    for i in range(len(begin)):
        no_begin, no_end, shrink = (mask >> i & 1 for mask in masks)
        if shrink:
            index.append(int(begin[i]) % sides[i])
        else:
            first = None if no_begin else int(begin[i])
            index.append(slice(first, None if no_end else int(end[i]), int(step[i])))
    return tuple(index)


def fold_sparse(node, index, sides, value, default):
    dense = np.full(sides, default, np.asarray(value).dtype)
    if index.ndim == 2:
        dense[tuple(index.T)] = value
    else:
        dense[index] = value
    return dense


def pad_value(node, values):
    return float(values[2]) if node.op == "PadV2" else 0.0


# What each operation is when all its inputs are constants.
FOLD = {
    "Add": lambda n, a, b: a + b,
    "AddV2": lambda n, a, b: a + b,
    "AddN": lambda n, *v: sum(v[1:], v[0]),
    "Sub": lambda n, a, b: a - b,
    "Mul": lambda n, a, b: a * b,
    "RealDiv": lambda n, a, b: a / b,
    "Minimum": lambda n, a, b: np.minimum(a, b),
    "Maximum": lambda n, a, b: np.maximum(a, b),
    "Reciprocal": lambda n, a: np.ones((), a.dtype) / a,
    "Ceil": lambda n, a: np.ceil(a),
    "Cast": lambda n, a: a.astype(DTYPE[n.attribute("DstT")]),
    "Reshape": lambda n, a, sides: a.reshape(sides),
    "ExpandDims": lambda n, a, axis: np.expand_dims(a, int(axis)),
    "Transpose": lambda n, a, order: a.transpose(order),
    "Tile": lambda n, a, times: np.tile(a, times),
    "BroadcastTo": lambda n, a, sides: np.broadcast_to(a, sides),
    "Fill": lambda n, sides, a: np.full(sides, a, a.dtype),
    "Range": lambda n, a, b, step: np.arange(a, b, step, a.dtype),
    "SparseToDense": fold_sparse,
    "Pad": lambda n, *v: np.pad(v[0], v[1], constant_values=pad_value(n, v)),
    "Pack": lambda n, *v: np.stack(v, n.attribute("axis", 0)),
    "ConcatV2": lambda n, *v: np.concatenate(v[:-1], int(v[-1])),
    "StridedSlice": lambda n, a, b, e, s: a[slice_of(n, a.shape, b, e, s)],
}

BINARY = {"Add": "Add", "AddV2": "Add", "Sub": "Sub", "Mul": "Mul", "RealDiv": "Div", "Minimum": "Min",
          "Maximum": "Max"}
UNARY = {"Relu": "Relu", "LeakyRelu": "LeakyRelu", "Sigmoid": "Sigmoid", "Exp": "Exp", "Neg": "Neg"}


class Converter:
    def __init__(self, model, size, input_name, outputs):
        """outputs: the TensorFlow tensors to end with, by the name they get in the ONNX graph.
        size: [height, width], or None for the size that the model itself declares."""
        self.graph = onnx_write.Graph()
        self.model = model
        self.size = size
        self.input_name = input_name
        self.tensors = {}
        for node in model.needed(list(outputs.values())):
            result = self.convert(node)
            self.tensors[node.name] = result if isinstance(result, list) else [result]
        for name, source in outputs.items():
            tensor = self.tensor(source)
            self.graph.add("Identity", [self.plain(tensor)], [name])
            self.graph.outputs.append((name, tensor.sides))
        self.graph.drop_unused()

    def tensor(self, name):
        base, index = tfjs_model.split_name(name)
        return self.tensors[base][index]

    def plain(self, tensor):
        """The name of the tensor in TensorFlow's order."""
        if tensor.plain is None:
            if tensor.value is not None:
                tensor.plain = self.constant(tensor.value)
            else:
                tensor.plain = self.graph.add("Transpose", [tensor.first], [tensor.first + "/nhwc"],
                                              perm=TO_LAST)
        return tensor.plain

    def first(self, tensor):
        """The name of the tensor with its channels first."""
        if tensor.first is None:
            plain = self.plain(tensor)
            tensor.first = self.graph.add("Transpose", [plain], [plain + "/nchw"], perm=TO_FIRST)
        return tensor.first

    def constant(self, value):
        return self.graph.constant(f"constant_{len(self.graph.constants)}", value)

    def integers(self, values):
        return self.constant(np.array(values, np.int64))

    def convert(self, node):
        if node.op == "Const":
            return constant(self.model.weights[node.name])
        inputs = [self.tensor(i) for i in node.inputs]
        if node.op == "Shape":
            return constant(np.array(inputs[0].sides, np.int32))
        if node.op == "Size":
            return constant(np.int32(np.prod(inputs[0].sides)))
        values = [t.value for t in inputs]
        if inputs and all(v is not None for v in values):
            return self.fold(node, values)
        if node.op in BINARY:
            return self.binary(node, BINARY[node.op], *inputs)
        if node.op in UNARY:
            return self.unary(node, UNARY[node.op], inputs[0])
        handler = getattr(self, "op_" + node.op.strip("_"), None)
        if handler is None:
            raise ValueError(f"{node.name}: {node.op} of something that is not a constant")
        return handler(node, inputs)

    def fold(self, node, values):
        if node.op == "Identity":
            return constant(values[0])
        if node.op == "Unpack":
            axis = node.attribute("axis", 0)
            return [constant(np.take(values[0], i, axis)) for i in range(values[0].shape[axis])]
        folded = np.asarray(FOLD[node.op](node, *values))
        if node.op in BINARY:
            folded = folded.astype(np.asarray(values[0]).dtype)
        return constant(folded)

    def unary(self, node, op, a):
        attributes = {"alpha": float(node.attribute("alpha", 0.2))} if op == "LeakyRelu" else {}
        if a.first is not None:
            return Tensor(a.sides, first=self.graph.add(op, [a.first], [node.name], **attributes))
        return Tensor(a.sides, plain=self.graph.add(op, [self.plain(a)], [node.name], **attributes))

    def binary(self, node, op, a, b):
        sides = np.broadcast_shapes(tuple(a.sides), tuple(b.sides))
        if len(sides) == 4 and (a.first is not None or b.first is not None):
            names = [self.operand(a), self.operand(b)]
            return Tensor(sides, first=self.graph.add(op, names, [node.name]))
        return Tensor(sides, plain=self.graph.add(op, [self.plain(a), self.plain(b)], [node.name]))

    def operand(self, tensor):
        """One side of an elementwise operation whose other side has its channels first."""
        if tensor.value is None:
            return self.first(tensor)
        value = tensor.value
        if value.ndim == 0:
            return self.constant(value)
        value = value.reshape([1] * (4 - value.ndim) + list(value.shape))
        return self.constant(value.transpose(TO_FIRST))

    def op_Placeholder(self, node, inputs):
        declared = [int(d["size"]) for d in node.attribute("shape")["dim"]]
        sides = declared if self.size is None else [1, *self.size, 3]
        self.graph.inputs.append((self.input_name, sides))
        return Tensor(sides, plain=self.input_name)

    def op_Cast(self, node, inputs):
        if node.attribute("DstT") != "DT_FLOAT":
            raise ValueError(f"{node.name}: cast to something other than float")
        return inputs[0]  # everything that is not a constant is float, the input too

    def op_Identity(self, node, inputs):
        return inputs[0]

    def window(self, node, sides, kernel):
        """ONNX padding and output height and width of a sliding window."""
        stride = node.attribute("strides")[1:3]
        if (node.attribute("dilations") or [1, 1, 1, 1]) != [1, 1, 1, 1]:
            raise ValueError(f"{node.name}: dilated")
        begin, end, result = [], [], []
        for side, k, s in zip(sides[1:3], kernel, stride):
            if node.attribute("padding") == "VALID":
                count, pad = (side - k) // s + 1, 0
            else:  # SAME: the odd pixel goes to the end
                count = -(-side // s)
                pad = max(0, (count - 1) * s + k - side)
            begin.append(pad // 2)
            end.append(pad - pad // 2)
            result.append(count)
        return {"kernel_shape": list(kernel), "strides": stride, "pads": begin + end}, result

    def op_Conv2D(self, node, inputs):
        image, weights = inputs[0], inputs[1].value
        height, width, depth, channels = weights.shape
        attributes, result = self.window(node, image.sides, [height, width])
        names = [self.first(image), self.constant(weights.transpose(3, 2, 0, 1))]
        fused = node.attribute("fused_ops") or []
        if "BiasAdd" in fused:
            names.append(self.constant(inputs[2].value))
        if not set(fused) <= {"BiasAdd", "Relu"}:
            raise ValueError(f"{node.name}: fused with {fused}")
        relu = "Relu" in fused
        out = self.graph.add("Conv", names, [node.name + ("/conv" if relu else "")],
                             group=image.sides[3] // depth, **attributes)
        if relu:
            out = self.graph.add("Relu", [out], [node.name])
        return Tensor([image.sides[0], *result, channels], first=out)

    op_FusedConv2D = op_Conv2D

    def op_MaxPool(self, node, inputs):
        image = inputs[0]
        attributes, result = self.window(node, image.sides, node.attribute("ksize")[1:3])
        out = self.graph.add("MaxPool", [self.first(image)], [node.name], **attributes)
        return Tensor([image.sides[0], *result, image.sides[3]], first=out)

    def op_Pad(self, node, inputs):
        a, amount = inputs[0], inputs[1].value
        fill = np.float32(max(pad_value(node, [t.value for t in inputs]), np.finfo(np.float32).min))
        sides = np.array(a.sides) + amount.sum(1)
        if not amount.any():
            return a
        name, order = (a.first, TO_FIRST) if a.first is not None else (self.plain(a), range(len(sides)))
        amounts = amount[list(order)].T.reshape(-1)
        out = self.graph.add("Pad", [name, self.integers(amounts), self.constant(fill)], [node.name])
        return Tensor(sides, first=out) if a.first is not None else Tensor(sides, plain=out)

    op_PadV2 = op_Pad

    def op_ResizeBilinear(self, node, inputs):
        """Written as a factor, so that it holds for any input size."""
        image, target = inputs[0], [int(v) for v in inputs[1].value]
        factors = [t / s for t, s in zip(target, image.sides[1:3])]
        if not node.attribute("half_pixel_centers") or node.attribute("align_corners"):
            raise ValueError(f"{node.name}: only half-pixel centres are supported")
        scales = self.constant(np.array([1, 1, *factors], np.float32))
        out = self.graph.add("Resize", [self.first(image), "", scales], [node.name], mode="linear",
                             coordinate_transformation_mode="half_pixel")
        return Tensor([image.sides[0], *target, image.sides[3]], first=out)

    def op_Transpose(self, node, inputs):
        a, order = inputs[0], tuple(int(i) for i in inputs[1].value)
        sides = [a.sides[i] for i in order]
        if order == TO_LAST:
            return Tensor(sides, first=self.plain(a))
        if order == TO_FIRST and a.first is not None:
            return Tensor(sides, plain=a.first)
        return Tensor(sides, plain=self.graph.add("Transpose", [self.plain(a)], [node.name], perm=order))

    def op_ConcatV2(self, node, inputs):
        parts, axis = inputs[:-1], int(inputs[-1].value) % len(inputs[0].sides)
        sides = list(parts[0].sides)
        sides[axis] = sum(p.sides[axis] for p in parts)
        if all(p.first is not None for p in parts):
            out = self.graph.add("Concat", [p.first for p in parts], [node.name],
                                 axis=TO_FIRST.index(axis))
            return Tensor(sides, first=out)
        out = self.graph.add("Concat", [self.plain(p) for p in parts], [node.name], axis=axis)
        return Tensor(sides, plain=out)

    def op_SplitV(self, node, inputs):
        a, counts = inputs[0], [int(v) for v in inputs[1].value]
        axis = int(inputs[2].value) % len(a.sides)
        names = [f"{node.name}:{i}" for i in range(len(counts))]
        self.graph.add("Split", [self.plain(a), self.integers(counts)], names, axis=axis)
        return [Tensor(a.sides[:axis] + [n] + a.sides[axis + 1:], plain=name)
                for n, name in zip(counts, names)]

    def op_Reshape(self, node, inputs):
        """The last side is written as -1 where it can be: then the node suits any input size."""
        a, sides = inputs[0], [int(v) for v in inputs[1].value]
        total = int(np.prod(a.sides))
        if -1 in sides:
            sides[sides.index(-1)] = total // -int(np.prod(sides))
        target = list(sides)
        if len(a.sides) == 4 and len(sides) == 3:
            target[target.index(max(target))] = -1
        out = self.graph.add("Reshape", [self.plain(a), self.integers(target)], [node.name])
        return Tensor(sides, plain=out)

    def op_Unpack(self, node, inputs):
        a, axis = inputs[0], node.attribute("axis", 0)
        sides = [s for i, s in enumerate(a.sides) if i != axis]
        names = [f"{node.name}:{i}" for i in range(a.sides[axis])]
        for i, name in enumerate(names):
            index = self.constant(np.array(i, np.int64))
            self.graph.add("Gather", [self.plain(a), index], [name], axis=axis)
        return [Tensor(sides, plain=name) for name in names]

    def op_Pack(self, node, inputs):
        axis = node.attribute("axis", 0)
        axes = self.integers([axis])
        names = [f"{node.name}/part_{i}" for i in range(len(inputs))]
        for a, name in zip(inputs, names):
            self.graph.add("Unsqueeze", [self.plain(a), axes], [name])
        sides = list(inputs[0].sides)
        sides.insert(axis, len(inputs))
        return Tensor(sides, plain=self.graph.add("Concat", names, [node.name], axis=axis))

    def op_Softmax(self, node, inputs):
        a = inputs[0]
        return Tensor(a.sides, plain=self.graph.add("Softmax", [self.plain(a)], [node.name], axis=-1))

    def op_StridedSlice(self, node, inputs):
        """Of the forms TensorFlow allows, this graph has one: pick one index of the last axis."""
        a = inputs[0]
        index = slice_of(node, a.sides, *(t.value for t in inputs[1:]))
        if len(index) != len(a.sides) or any(i != slice(None, None, 1) for i in index[:-1]):
            raise ValueError(f"{node.name}: not a choice on the last axis")
        out = self.graph.add("Gather", [self.plain(a), self.constant(np.array(index[-1], np.int64))],
                             [node.name], axis=len(index) - 1)
        return Tensor(a.sides[:-1], plain=out)


def nanodet(path, size=None):
    """Any height and width that are multiples of 32, unless one size is asked for."""
    names = ["Identity"] + [f"Identity_{i}" for i in range(1, 6)]
    graph = Converter(tfjs_model.Model(path), None, "input_1", {n: n for n in names}).graph
    height, width = size or ("height", "width")
    graph.inputs = [("input_1", [1, 3, height, width])]
    for i, (name, sides) in enumerate(graph.outputs):
        stride = 8 << i % 3
        cells = height // stride * (width // stride) if size else f"cells_{stride}"
        graph.outputs[i] = (name, [1, cells, sides[2]])
    return graph


def faceboxes(path, size=None):
    """The anchors are part of the graph: one file for each size."""
    outputs = {"clip_by_value_1": "postprocessing/clip_by_value_1",
               "strided_slice_2": "postprocessing/strided_slice_2"}
    return Converter(tfjs_model.Model(path), size or [256, 256], "image_tensor", outputs).graph


NETWORKS = {"nanodet": nanodet, "faceboxes": faceboxes}


def parse_size(text):
    height, _, width = text.partition("x")
    return [int(height), int(width)]


def main():
    parser = argparse.ArgumentParser(description="Converts a network from TensorFlow.js to ONNX.")
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("model", metavar="MODEL.json")
    parser.add_argument("out", metavar="OUT.onnx")
    parser.add_argument("--size", type=parse_size, metavar="HxW")
    arguments = parser.parse_args()
    graph = NETWORKS[arguments.network](arguments.model, arguments.size)
    onnx_write.write(graph, arguments.network, arguments.out)


if __name__ == "__main__":
    main()

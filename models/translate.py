# SPDX-License-Identifier: Apache-2.0
"""TensorFlow.js graph to ONNX graph.

TensorFlow keeps pictures as [batch, height, width, channel], ONNX's layers want [batch, channel, height,
width] ("planar"). So a value may exist in either order, or both, and is turned over only where somebody
needs the other; TensorFlow's own transposes then mostly become changes of label. Whatever can be computed
without the picture (sizes, anchors) is computed here and becomes a constant.
"""
import numpy as np

from graph import Graph

TO_PLANAR, FROM_PLANAR = [0, 3, 1, 2], [0, 2, 3, 1]


class Value:
    """What a TensorFlow node gives. `shape` is in TensorFlow's order; `constant` if it is known now,
    else `plain` and/or `planar` are the ONNX tensors that hold it in either order."""

    def __init__(self, shape, plain=None, planar=None, constant=None):
        self.shape, self.plain, self.planar, self.constant = list(shape), plain, planar, constant


def constant(values):
    values = np.asarray(values)
    return Value(values.shape, constant=values)


def translate(model, outputs, input_shape, any_size=False):
    """The part of `model` that gives `outputs` (their ONNX names are the last parts of the paths). With
    `any_size` the graph is worked out for input_shape but takes other heights and widths too, as long
    as they divide by the largest stride."""
    return _Translator(model, input_shape, any_size).run(outputs)


# Operations that are computed here when all their inputs are constants.

def _spans(node, begin, end, step):
    """The Python index that a StridedSlice stands for."""
    def masked(mask, i):
        return node.attribute(mask, 0) >> i & 1
    index = []
    for i in range(len(begin)):
        if masked('shrink_axis_mask', i):
            index.append(int(begin[i]))
        else:
            index.append(slice(None if masked('begin_mask', i) else int(begin[i]),
                               None if masked('end_mask', i) else int(end[i]), int(step[i])))
    return tuple(index)


def _sparse_to_dense(_, places, shape, values, default):
    dense = np.full(shape, default, values.dtype)
    dense[tuple(places.T)] = values
    return dense


FOLDED = {
    'Add': lambda _, a, b: a + b,
    'AddV2': lambda _, a, b: a + b,
    'AddN': lambda _, *terms: sum(terms),
    'BroadcastTo': lambda _, a, shape: np.broadcast_to(a, shape),
    'Cast': lambda node, a: a.astype(node.attribute('DstT')),
    'Ceil': lambda _, a: np.ceil(a),
    'ConcatV2': lambda _, *parts: np.concatenate(parts[:-1], int(parts[-1])),
    'ExpandDims': lambda _, a, axis: np.expand_dims(a, int(axis)),
    'Fill': lambda _, shape, value: np.full(shape, value, value.dtype),
    'Maximum': lambda _, a, b: np.maximum(a, b),
    'Minimum': lambda _, a, b: np.minimum(a, b),
    'Mul': lambda _, a, b: a * b,
    'Neg': lambda _, a: -a,
    'Pack': lambda node, *parts: np.stack(parts, node.attribute('axis', 0)),
    'Pad': lambda _, a, pads: np.pad(a, pads),
    'Range': lambda _, start, stop, step: np.arange(start, stop, step, start.dtype),
    'RealDiv': lambda _, a, b: a / b,
    'Reciprocal': lambda _, a: (1 / a).astype(a.dtype),
    'Reshape': lambda _, a, shape: a.reshape(shape),
    'SparseToDense': _sparse_to_dense,
    'StridedSlice': lambda node, a, *spans: a[_spans(node, *spans)],
    'Sub': lambda _, a, b: a - b,
    'Tile': lambda _, a, times: np.tile(a, times),
    'Unpack': lambda node, a: list(np.moveaxis(a, node.attribute('axis', 0), 0)),
}

SAME_SHAPE = {'Exp': 'Exp', 'Neg': 'Neg', 'Relu': 'Relu', 'Sigmoid': 'Sigmoid'}
TWO_TERMS = {'Add': 'Add', 'AddV2': 'Add', 'Sub': 'Sub', 'Mul': 'Mul', 'RealDiv': 'Div', 'Minimum': 'Min',
             'Maximum': 'Max'}


def _same_padding(size, kernel, stride):
    """TensorFlow's "SAME": as many outputs as strides fit in, the odd pixel of padding at the end."""
    count = -(-size // stride)
    missing = max(0, (count - 1) * stride + kernel - size)
    return missing // 2, missing - missing // 2


class _Translator:
    def __init__(self, model, input_shape, any_size):
        self.model, self.input_shape, self.any_size = model, input_shape, any_size
        self.graph = Graph()
        self.values = {}  # name of a node -> the values that it gives

    def run(self, outputs):
        for node in self.model.needed_for(outputs):
            inputs = [self.values[name][index] for name, index in node.inputs]
            given = self._translate(node, inputs)
            self.values[node.name] = given if isinstance(given, list) else [given]
        for path in outputs:
            value = self.values[path][0]
            name = path.split('/')[-1]
            sides = [f'{name}_cells' if self.any_size and i == 1 else side for i, side in enumerate(value.shape)]
            self.graph.add_output(self._plain(value), name, sides)
        self.graph.drop_unused()
        return self.graph

    def _translate(self, node, inputs):
        if inputs and node.op in FOLDED and all(value.constant is not None for value in inputs):
            folded = FOLDED[node.op](node, *(value.constant for value in inputs))
            return [constant(part) for part in folded] if isinstance(folded, list) else constant(folded)
        if node.op in SAME_SHAPE:
            return self._same_shape(SAME_SHAPE[node.op], node, inputs[0])
        if node.op in TWO_TERMS:
            return self._two_terms(TWO_TERMS[node.op], node, *inputs)
        translator = getattr(self, '_op_' + node.op.lstrip('_').lower(), None)
        if translator is None:
            raise ValueError(f'{node.name}: operation {node.op} is not supported')
        return translator(node, *inputs)

    # A value in the order that is wanted.

    def _plain(self, value):
        if value.plain is None and value.constant is not None:
            value.plain = self.graph.constant(value.constant, 'constant')
        elif value.plain is None:
            value.plain = self.graph.emit('Transpose', [value.planar], value.planar + '/plain', perm=FROM_PLANAR)
        return value.plain

    def _planar(self, value):
        if value.planar is None:
            plain = self._plain(value)
            value.planar = self.graph.emit('Transpose', [plain], plain + '/planar', perm=TO_PLANAR)
        return value.planar

    def _planar_term(self, value, name):
        """The same for a term that the other term's sides are spread over."""
        if value.constant is None:
            return self._planar(value)
        values = value.constant
        if values.ndim == 1:
            values = values.reshape(-1, 1, 1)
        elif values.ndim > 1:
            values = values.reshape([1] * (4 - values.ndim) + list(values.shape)).transpose(TO_PLANAR)
        return self.graph.constant(values, name + '/term')

    def _integers(self, values, name):
        return self.graph.constant(np.asarray(values, np.int64), name)

    # Input, sizes, and what changes nothing.

    def _op_placeholder(self, node):
        sides = list(self.input_shape)
        if self.any_size:
            sides[2:] = ['height', 'width']
        self.graph.add_input(node.name, sides)
        return Value(self.input_shape, plain=node.name)

    def _op_const(self, node):
        return constant(self.model.weights[node.name])

    @staticmethod
    def _op_shape(_, value):
        return constant(np.array(value.shape, np.int32))

    @staticmethod
    def _op_size(_, value):
        return constant(np.int32(np.prod(value.shape)))

    @staticmethod
    def _op_identity(_, value):
        return value

    @staticmethod
    def _op_cast(_, value):
        return value  # the picture, from bytes to floats; our input is of floats already

    # Element by element.

    def _same_shape(self, op, node, value, **attributes):
        if value.planar:
            return Value(value.shape, planar=self.graph.emit(op, [value.planar], node.name, **attributes))
        return Value(value.shape, plain=self.graph.emit(op, [self._plain(value)], node.name, **attributes))

    def _op_leakyrelu(self, node, value):
        return self._same_shape('LeakyRelu', node, value, alpha=float(node.attribute('alpha')))

    def _two_terms(self, op, node, a, b):
        shape = np.broadcast_shapes(tuple(a.shape), tuple(b.shape))
        if a.planar or b.planar:
            terms = [self._planar_term(value, node.name) for value in (a, b)]
            return Value(shape, planar=self.graph.emit(op, terms, node.name))
        return Value(shape, plain=self.graph.emit(op, [self._plain(a), self._plain(b)], node.name))

    def _op_softmax(self, node, value):
        return Value(value.shape, plain=self.graph.emit('Softmax', [self._plain(value)], node.name, axis=-1))

    # Layers over pictures.

    def _window(self, node, value, kernel):
        """What a convolution and a pooling have in common."""
        strides = node.attribute('strides')[1:3]
        if any(side != 1 for side in node.attribute('dilations', [])):
            raise ValueError(node.name + ': dilated windows are not supported')
        pads = [(0, 0), (0, 0)]
        if node.attribute('padding') == 'SAME':
            pads = [_same_padding(value.shape[1 + i], kernel[i], strides[i]) for i in (0, 1)]
        size = [(value.shape[1 + i] + sum(pads[i]) - kernel[i]) // strides[i] + 1 for i in (0, 1)]
        return size, {'kernel_shape': list(kernel), 'strides': strides,
                      'pads': [pads[0][0], pads[1][0], pads[0][1], pads[1][1]]}

    def _op_conv2d(self, node, value, weights, bias=None):
        kernel = weights.constant.shape
        size, attributes = self._window(node, value, kernel[:2])
        inputs = [self._planar(value), self.graph.constant(weights.constant.transpose(3, 2, 0, 1), node.name + '/weights')]
        fused = node.attribute('fused_ops', [])
        if 'BiasAdd' in fused:
            inputs.append(self.graph.constant(bias.constant, node.name + '/bias'))
        output = self.graph.emit('Conv', inputs, node.name, group=value.shape[3] // kernel[2], **attributes)
        for op in fused:
            if op == 'Relu':
                output = self.graph.emit('Relu', [output], node.name + '/relu')
            elif op != 'BiasAdd':
                raise ValueError(f'{node.name}: fused {op} is not supported')
        return Value([value.shape[0], *size, kernel[3]], planar=output)

    _op_fusedconv2d = _op_conv2d

    def _op_maxpool(self, node, value):
        size, attributes = self._window(node, value, node.attribute('ksize')[1:3])
        output = self.graph.emit('MaxPool', [self._planar(value)], node.name, **attributes)
        return Value([value.shape[0], *size, value.shape[3]], planar=output)

    def _op_pad(self, node, value, pads, filler=None):
        pads = pads.constant
        if not pads.any():
            return value
        order = TO_PLANAR if value.planar else range(len(pads))
        amounts = self._integers(pads[list(order)].T.reshape(-1), node.name + '/pads')
        with_what = self.graph.constant(np.float32(filler.constant if filler else 0), node.name + '/filler')
        output = self.graph.emit('Pad', [value.planar or self._plain(value), amounts, with_what], node.name)
        shape = [side + int(pads[i].sum()) for i, side in enumerate(value.shape)]
        return Value(shape, planar=output) if value.planar else Value(shape, plain=output)

    _op_padv2 = _op_pad

    def _op_resizebilinear(self, node, value, size):
        height, width = (int(side) for side in size.constant)
        scales = np.array([1, 1, height / value.shape[1], width / value.shape[2]], np.float32)
        if not node.attribute('half_pixel_centers'):
            raise ValueError(node.name + ': only half_pixel_centers is supported')
        output = self.graph.emit('Resize', [self._planar(value), '', self.graph.constant(scales, node.name + '/scales')],
                                 node.name, mode='linear', coordinate_transformation_mode='half_pixel')
        return Value([value.shape[0], height, width, value.shape[3]], planar=output)

    # Putting together and taking apart.

    def _op_transpose(self, node, value, order):
        order = [int(axis) for axis in order.constant]
        shape = [value.shape[axis] for axis in order]
        if order == FROM_PLANAR:
            return Value(shape, planar=self._plain(value))
        if order == TO_PLANAR and value.planar:
            return Value(shape, plain=value.planar)
        return Value(shape, plain=self.graph.emit('Transpose', [self._plain(value)], node.name, perm=order))

    def _op_reshape(self, node, value, shape):
        shape = [int(side) for side in shape.constant]
        if -1 in shape:
            shape[shape.index(-1)] = int(np.prod(value.shape) // -np.prod(shape))
        target = list(shape)
        if self.any_size:
            target[-1] = -1  # the cells of a grid
        target = self._integers(target, node.name + '/shape')
        return Value(shape, plain=self.graph.emit('Reshape', [self._plain(value), target], node.name))

    def _op_concatv2(self, node, *inputs):
        parts, axis = inputs[:-1], int(inputs[-1].constant) % len(inputs[0].shape)
        shape = list(parts[0].shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        if all(part.planar for part in parts):
            output = self.graph.emit('Concat', [part.planar for part in parts], node.name, axis=FROM_PLANAR[axis])
            return Value(shape, planar=output)
        return Value(shape, plain=self.graph.emit('Concat', [self._plain(part) for part in parts], node.name, axis=axis))

    def _op_splitv(self, node, value, sizes, axis):
        sizes, axis = [int(size) for size in sizes.constant], int(axis.constant) % len(value.shape)
        lengths = self._integers(sizes, node.name + '/lengths')
        names = self.graph.emit('Split', [self._plain(value), lengths], node.name, count=len(sizes), axis=axis)
        return [Value(value.shape[:axis] + [size] + value.shape[axis + 1:], plain=name)
                for name, size in zip(names, sizes)]

    def _pick(self, node, value, axis, index):
        picked = self.graph.emit('Gather', [self._plain(value), self._integers(index, node.name + '/index')],
                                 node.name, axis=axis)
        return Value(value.shape[:axis] + value.shape[axis + 1:], plain=picked)

    def _op_unpack(self, node, value):
        axis = node.attribute('axis', 0)
        return [self._pick(node, value, axis, i) for i in range(value.shape[axis])]

    def _op_stridedslice(self, node, value, *spans):
        spans = _spans(node, *(span.constant for span in spans))
        picked = [axis for axis, span in enumerate(spans) if span != slice(None, None, 1)]
        if len(picked) != 1 or isinstance(spans[picked[0]], slice):
            raise ValueError(node.name + ': only the choice of one element along one axis is supported')
        return self._pick(node, value, picked[0], spans[picked[0]])

    def _op_pack(self, node, *parts):
        axis = node.attribute('axis', 0)
        where = self._integers([axis], node.name + '/axis')
        layers = [self.graph.emit('Unsqueeze', [self._plain(part), where], node.name + '/layer') for part in parts]
        shape = parts[0].shape[:axis] + [len(parts)] + parts[0].shape[axis:]
        return Value(shape, plain=self.graph.emit('Concat', layers, node.name, axis=axis))

# SPDX-License-Identifier: Apache-2.0
"""A picture's number as black and white cells in a strip below it: it survives coding, scaling and JPEG, and a
mosaic over the whole picture takes it away. Cells: white, black, eleven bits of the number (highest first), three of
its remainder by seven, inverted. A grey margin keeps the strip out of the reach of masks."""
import numpy as np

STRIP = MARGIN = 32  # pixels, of the clip as it is made
CELLS, BITS = 16, 11
MAX_NUMBERS = 1 << BITS
GREY, BLACK, WHITE = 128, 24, 230


def cells_of(number):
    word = (number << 3) | (number % 7 ^ 7)
    return [1, 0] + [word >> (BITS + 2 - i) & 1 for i in range(BITS + 3)]


def draw(number, width):
    """Margin and strip, as luma rows to put below a picture."""
    rows = np.full((MARGIN + STRIP, width), GREY, np.uint8)
    for i, bit in enumerate(cells_of(number)):
        rows[MARGIN:, i * width // CELLS:(i + 1) * width // CELLS] = WHITE if bit else BLACK
    return rows


def read(luma, full_height):
    """The number in a picture of a clip that was made `full_height` high, at whatever size it comes; None if any cell is in
    doubt."""
    height, width = luma.shape
    strip = STRIP * height / full_height
    rows = luma[int(height - 0.75 * strip):int(np.ceil(height - 0.25 * strip))]
    word = 0
    for i in range(CELLS):
        cell = rows[:, int((i + 0.25) * width / CELLS):int((i + 0.75) * width / CELLS)]
        level, spread = cell.mean(), cell.std()
        if spread > 25 or 80 < level < 170:
            return None
        word = word << 1 | int(level >= 170)
    if word >> (CELLS - 2) != 2:
        return None
    number, rest = word >> 3 & (MAX_NUMBERS - 1), word & 7
    return number if rest == number % 7 ^ 7 else None

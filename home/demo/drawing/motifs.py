# ruff: noqa: PLR0915, PLR0917 - a shape is a list of strokes, and a stroke a list of coordinates
"""Things that appear in more than one picture: people, houses, trams, trees, landmarks.

Every motif stands on `base`, the y of the ground under it, and is sized by a width or a height in scene
units, so that a picture can place it near or far.
"""

from __future__ import annotations

import math

from home.demo.drawing.canvas import Canvas, Point, around, clear, mix, noise

INK = "#0e3440"
DEEP = "#174b57"
TEAL = "#2f6f78"
MIST = "#7fa9ab"
SKY = "#c9dfdf"
PALE = "#e6efec"
SAND = "#efe2cb"
DUNE = "#dcc7a2"
BRICK = "#a5523d"
CLAY = "#c98467"
OCHRE = "#e2a52f"
CREAM = "#fbf6ea"

SKINS = ("#f0cfae", "#d9a679", "#a8714a", "#7a4e33")
HAIRS = ("#2a2422", "#6b4a33", "#8d8780", "#b0663f")


def person(
    c: Canvas,
    x: float,
    base: float,
    height: float,
    *,
    coat: str = TEAL,
    legs: str = INK,
    look: int = 0,
    vest: bool = False,
    skirt: bool = False,
    stride: float = 0.0,
    arm: tuple[float, float] = (14, 14),
    facing: int = 0,
) -> None:
    """A standing person. `look` picks skin and hair, `stride` opens the legs (share of the height),
    `arm` gives the angle of the left and right arm from the body in degrees, `facing` is -1, 0 or 1."""
    h = height
    skin = SKINS[look % 4]
    hair = HAIRS[(look // 2 + look) % 4]
    hip = base - h * 0.46
    shoulder = base - h * 0.80
    for side in (-1, 1):
        foot = x + side * h * (0.055 + stride)
        top = x + side * h * 0.058
        c.poly(
            [
                (top - h * 0.056, hip - h * 0.02),
                (top + h * 0.056, hip - h * 0.02),
                (foot + h * 0.036, base - h * 0.02),
                (foot - h * 0.036, base - h * 0.02),
            ],
            legs if side == (facing or 1) else mix(legs, INK, 0.5),
        )
        toe = foot + h * (0.024 * facing if facing else 0.012 * side)
        c.rect(toe - h * 0.05, base - h * 0.036, h * 0.1, h * 0.036, INK, h * 0.018)
    sleeve = mix(coat, INK, 0.16)
    for side, angle in ((-1, arm[0]), (1, arm[1])):
        sx, sy = x + side * h * 0.105, shoulder + h * 0.05
        ex, ey = around(sx, sy, h * 0.30, 90 - side * angle)
        c.circle(ex, ey, h * 0.032, skin)
        c.line([(sx, sy), around(sx, sy, h * 0.28, 90 - side * angle)], sleeve, h * 0.068)
    bottom = hip + h * (0.13 if skirt else 0.05)
    flare = h * (0.032 if skirt else 0.0)
    c.rect(x - h * 0.132, shoulder, h * 0.264, h * 0.24, coat, h * 0.1)
    c.poly(
        [
            (x - h * 0.132, shoulder + h * 0.11),
            (x + h * 0.132, shoulder + h * 0.11),
            (x + h * 0.116 + flare, bottom - h * 0.02),
            (x - h * 0.116 - flare, bottom - h * 0.02),
        ],
        coat,
    )
    c.rect(x - h * 0.116 - flare, bottom - h * 0.05, h * 0.232 + 2 * flare, h * 0.05, coat, h * 0.02)
    if vest:
        c.poly(
            [
                (x - h * 0.086, shoulder + h * 0.003),
                (x + h * 0.086, shoulder + h * 0.003),
                (x + h * 0.124, shoulder + h * 0.09),
                (x + h * 0.117, hip - h * 0.01),
                (x - h * 0.117, hip - h * 0.01),
                (x - h * 0.124, shoulder + h * 0.09),
            ],
            OCHRE,
        )
        c.rect(x - h * 0.121, shoulder + h * 0.18, h * 0.242, h * 0.032, CREAM)
        c.rect(x - h * 0.006, shoulder + h * 0.01, h * 0.012, h * 0.31, mix(OCHRE, INK, 0.25))
    c.rect(x - h * 0.034, shoulder - h * 0.05, h * 0.068, h * 0.075, mix(skin, INK, 0.12))
    head_y = base - h * 0.905
    c.circle(x, head_y, h * 0.078, skin)
    shift = -facing * h * 0.022
    c.pie(x + shift, head_y - h * 0.006, h * 0.084, 180, 360, hair)
    if look % 3 == 1:
        c.circle(x + shift - (facing or 1) * h * 0.05, head_y - h * 0.07, h * 0.035, hair)
    if look % 3 == 2:
        c.rect(x + shift - h * 0.084, head_y - h * 0.012, h * 0.04, h * 0.105, hair, h * 0.02)
        c.rect(x + shift + h * 0.044, head_y - h * 0.012, h * 0.04, h * 0.105, hair, h * 0.02)


def bust(c: Canvas, x: float, base: float, size: float, *, coat: str, look: int = 0) -> None:
    """Head and shoulders, cut straight at `base`; `size` is the width of the shoulders."""
    s = size
    skin = SKINS[look % 4]
    hair = HAIRS[(look // 2 + look) % 4]
    c.rect(x - s * 0.5, base - s * 0.62, s, s * 0.7, coat, s * 0.3)
    c.rect(x - s * 0.5, base - s * 0.3, s, s * 0.3, coat)
    c.rect(x - s * 0.11, base - s * 0.78, s * 0.22, s * 0.26, mix(skin, INK, 0.12), s * 0.08)
    if look % 3 == 2:
        c.rect(x - s * 0.29, base - s * 1.12, s * 0.58, s * 0.5, hair, s * 0.2)
    c.circle(x, base - s * 0.98, s * 0.26, skin)
    c.pie(x, base - s * 1.0, s * 0.285, 180, 360, hair)
    if look % 3 == 1:
        c.circle(x, base - s * 1.3, s * 0.12, hair)


def tree(c: Canvas, x: float, base: float, height: float, colour: str = TEAL, *, tall: bool = False) -> None:
    """A round tree, or a tall poplar; the light falls from the left."""
    trunk = mix(INK, BRICK, 0.25)
    c.rect(x - height * 0.022, base - height * 0.5, height * 0.044, height * 0.5, trunk)
    if tall:
        c.ellipse(x, base - height * 0.58, height * 0.17, height * 0.42, colour)
        with_light = mix(colour, SKY, 0.22)
        c.ellipse(x - height * 0.045, base - height * 0.62, height * 0.085, height * 0.3, with_light)
        return
    light = mix(colour, SKY, 0.2)
    c.circle(x, base - height * 0.66, height * 0.34, colour)
    c.circle(x - height * 0.09, base - height * 0.74, height * 0.19, light)
    c.line([(x, base - height * 0.4), (x + height * 0.12, base - height * 0.56)], trunk, height * 0.02)
    c.line([(x, base - height * 0.46), (x - height * 0.1, base - height * 0.6)], trunk, height * 0.02)


def bare_tree(c: Canvas, x: float, base: float, height: float, colour: str = INK) -> None:
    """A winter tree."""

    def branch(px: float, py: float, angle: float, length: float, width: float, depth: int) -> None:
        ex, ey = around(px, py, length, angle)
        c.line([(px, py), (ex, ey)], colour, width)
        if depth:
            for turn in (-27, 24):
                branch(ex, ey, angle + turn, length * 0.72, width * 0.62, depth - 1)

    branch(x, base, -90, height * 0.34, height * 0.035, 5)


def lamp(c: Canvas, x: float, base: float, height: float, colour: str = INK, *, lit: bool = False) -> None:
    """A street lamp with one arm to the right."""
    w = height * 0.016
    arm = height * 0.16
    c.rect(x - w, base - height, w * 2, height, colour)
    c.rect(x - w * 2.2, base - height * 0.06, w * 4.4, height * 0.06, colour)
    c.arc(x + arm / 2, base - height, arm / 2, 180, 300, colour, w * 1.6)
    c.rect(x + arm * 0.62, base - height - arm * 0.42, arm * 0.7, height * 0.028, colour, height * 0.014)
    if lit:
        lx, ly = x + arm * 0.97, base - height - arm * 0.42 + height * 0.03
        c.poly(
            [(lx - 12, ly), (lx + 12, ly), (lx + height * 0.3, base), (lx - height * 0.3, base)],
            clear(OCHRE, 0.16),
        )
        c.ellipse(lx, base, height * 0.3, height * 0.035, clear(OCHRE, 0.22))
        c.ellipse(lx, ly + 2, arm * 0.26, height * 0.014, mix(OCHRE, CREAM, 0.5))


def sun(c: Canvas, x: float, y: float, radius: float, colour: str = OCHRE) -> None:
    """A disc with two faint halos."""
    c.circle(x, y, radius * 1.75, clear(colour, 0.10))
    c.circle(x, y, radius * 1.35, clear(colour, 0.16))
    c.circle(x, y, radius, colour)


def cloud(c: Canvas, x: float, y: float, width: float, colour: str) -> None:
    """A flat-bottomed cloud."""
    h = width * 0.16
    c.rect(x, y - h, width, h, colour, h / 2)
    c.rect(x + width * 0.16, y - h * 1.75, width * 0.46, h * 1.4, colour, h * 0.7)
    c.rect(x + width * 0.4, y - h * 1.4, width * 0.42, h * 1.2, colour, h * 0.6)


def skyline(c: Canvas, x0: float, x1: float, base: float, height: float, colour: str, seed: int) -> None:
    """A distant row of roofs of uneven height, without detail."""
    x, index = x0, 0
    while x < x1:
        width = 40 + 70 * noise(seed, index)
        top = height * (0.35 + 0.65 * noise(seed + 1, index))
        kind = int(noise(seed + 2, index) * 4)
        c.rect(x, base - top, width + 1, top, colour)
        if kind == 0:
            c.poly(
                [(x, base - top), (x + width / 2, base - top - width * 0.42), (x + width, base - top)], colour
            )
        elif kind == 1:
            c.rect(x + width * 0.2, base - top - 14, width * 0.16, 16, colour)
            c.rect(x + width * 0.62, base - top - 10, width * 0.16, 12, colour)
        elif kind == 2:
            c.rect(x + width * 0.5, base - top - 34, 3, 36, colour)
        x += width
        index += 1


def town_hall(c: Canvas, x: float, base: float, height: float, colour: str, accent: str) -> None:
    """The spire of the Grand-Place's town hall with a part of its wings; `x` is the axis of the tower."""
    h = height
    wing = h * 0.34
    shade = mix(colour, INK, 0.18)
    for side, length in ((-1, 0.62), (1, 0.5)):
        x0 = x if side > 0 else x - h * length
        c.rect(x0, base - wing, h * length, wing, colour)
        c.poly(
            [
                (x0, base - wing),
                (x0 + h * 0.03, base - wing - h * 0.13),
                (x0 + h * length - h * 0.03, base - wing - h * 0.13),
                (x0 + h * length, base - wing),
            ],
            shade,
        )
        for step in range(int(length / 0.062)):
            wx = x0 + h * 0.02 + step * h * 0.062
            for row in (0.26, 0.155):
                c.rect(wx, base - h * row, h * 0.026, h * 0.07, accent, h * 0.013)
            c.pie(wx + h * 0.013, base, h * 0.022, 180, 360, accent)
            c.rect(wx - h * 0.009, base - h * 0.04, h * 0.044, h * 0.04, accent)
    levels = ((0.0, 0.52, 0.072), (0.52, 0.66, 0.055), (0.66, 0.76, 0.042))
    for low, high, half in levels:
        c.rect(x - h * half, base - h * high, h * half * 2, h * (high - low), colour)
        for side in (-1, 1):
            px = x + side * h * half
            c.poly(
                [
                    (px - h * 0.012, base - h * high + h * 0.03),
                    (px, base - h * high - h * 0.055),
                    (px + h * 0.012, base - h * high + h * 0.03),
                ],
                colour,
            )
    c.poly([(x - h * 0.042, base - h * 0.76), (x, base - h * 1.0), (x + h * 0.042, base - h * 0.76)], colour)
    for row in (0.42, 0.54, 0.665):
        half = 0.03 if row < 0.5 else 0.022 if row < 0.6 else 0.016
        for side in (-1, 1):
            c.rect(
                x + side * h * half - h * 0.011,
                base - h * row - h * 0.075,
                h * 0.022,
                h * 0.075,
                accent,
                h * 0.011,
            )
    c.line([(x, base - h * 0.99), (x, base - h * 1.04)], colour, h * 0.006)
    c.circle(x, base - h * 1.045, h * 0.011, OCHRE)


def atomium(c: Canvas, x: float, base: float, height: float, colour: str, light: str) -> None:
    """The Atomium: a cube on its vertex, projected, nearest spheres last; its three legs on the ground."""
    turn = math.radians(13)
    corners = [(a, b, d) for a in (-1, 1) for b in (-1, 1) for d in (-1, 1)]
    points3: list[tuple[float, float, float]] = []
    for a, b, d in [*corners, (0, 0, 0)]:
        up = (a + b + d) / math.sqrt(3)
        east = (a - b) / math.sqrt(2)
        deep = (a + b - 2 * d) / math.sqrt(6)
        points3.append(
            (
                east * math.cos(turn) + deep * math.sin(turn),
                up,
                deep * math.cos(turn) - east * math.sin(turn),
            )
        )
    unit = height / (2 * math.sqrt(3) + 0.56)
    middle = base - height / 2

    def flat(point: tuple[float, float, float]) -> Point:
        return x + point[0] * unit, middle - point[1] * unit

    tube = unit * 0.115
    for index, one in enumerate(corners):
        for other_index in range(index + 1, 8):
            other = corners[other_index]
            if sum(p != q for p, q in zip(one, other, strict=True)) == 1:
                c.line([flat(points3[index]), flat(points3[other_index])], colour, tube, cap=False)
        c.line([flat(points3[8]), flat(points3[index])], mix(colour, light, 0.25), tube, cap=False)
    for index, corner in enumerate(corners):
        if sum(corner) == -1:
            px, py = flat(points3[index])
            c.line([(px, py), (px + (px - x) * 0.12, base)], colour, tube * 0.8, cap=False)
    c.rect(x - unit * 0.5, base - unit * 0.16, unit, unit * 0.16, colour)
    for point in sorted(points3, key=lambda item: item[2]):
        px, py = flat(point)
        radius = unit * 0.28
        c.circle(px, py, radius, colour)
        c.circle(px - radius * 0.2, py - radius * 0.2, radius * 0.66, mix(colour, light, 0.45))
        c.circle(px - radius * 0.32, py - radius * 0.32, radius * 0.28, light)


def basilica(c: Canvas, x: float, base: float, height: float, colour: str, dome: str) -> None:
    """The basilica of Koekelberg: a wide body, a dome and two slender towers."""
    h = height
    c.rect(x - h * 0.75, base - h * 0.34, h * 1.5, h * 0.34, colour)
    c.rect(x - h * 0.5, base - h * 0.44, h, h * 0.12, colour)
    for side in (-1, 1):
        c.rect(x + side * h * 0.42 - h * 0.055, base - h * 0.68, h * 0.11, h * 0.68, colour)
        c.pie(x + side * h * 0.42, base - h * 0.67, h * 0.06, 180, 360, dome)
        c.line(
            [(x + side * h * 0.42, base - h * 0.72), (x + side * h * 0.42, base - h * 0.8)], dome, h * 0.012
        )
    c.rect(x - h * 0.21, base - h * 0.62, h * 0.42, h * 0.3, colour)
    c.pie(x, base - h * 0.61, h * 0.235, 180, 360, dome)
    c.rect(x - h * 0.04, base - h * 0.92, h * 0.08, h * 0.1, dome, h * 0.03)
    c.line([(x, base - h * 0.9), (x, base - h)], dome, h * 0.014)
    for step in range(5):
        wx = x - h * 0.16 + step * h * 0.08
        c.rect(wx - h * 0.014, base - h * 0.58, h * 0.028, h * 0.13, mix(colour, INK, 0.25), h * 0.014)


def arches(c: Canvas, x: float, base: float, height: float, colour: str, opening: str) -> None:
    """The triple arch of the Cinquantenaire with its chariot reduced to a silhouette."""
    h = height
    c.rect(x - h * 0.78, base - h * 0.74, h * 1.56, h * 0.74, colour)
    c.rect(x - h * 0.84, base - h * 0.8, h * 1.68, h * 0.07, mix(colour, INK, 0.2))
    c.rect(x - h * 0.3, base - h * 0.88, h * 0.6, h * 0.09, colour)
    c.poly(
        [
            (x - h * 0.2, base - h * 0.88),
            (x - h * 0.13, base - h * 0.98),
            (x + h * 0.1, base - h),
            (x + h * 0.2, base - h * 0.88),
        ],
        mix(colour, INK, 0.35),
    )
    for step in (-1, 0, 1):
        ax = x + step * h * 0.49
        c.rect(ax - h * 0.15, base - h * 0.42, h * 0.3, h * 0.42, opening)
        c.pie(ax, base - h * 0.415, h * 0.15, 180, 360, opening)


def tower(
    c: Canvas, x: float, base: float, width: float, height: float, colour: str, light: str, seed: int
) -> None:
    """An office tower with a grid of windows, some of them lit."""
    c.rect(x, base - height, width, height, colour)
    columns, rows = max(2, int(width / 26)), int(height / 30)
    step_x, step_y = width / columns, height / (rows + 1)
    for row in range(rows):
        for column in range(columns):
            lit = noise(seed, row * 31 + column) > 0.62
            shade = light if lit else mix(colour, light, 0.16)
            c.rect(
                x + column * step_x + step_x * 0.2,
                base - height + (row + 0.6) * step_y,
                step_x * 0.6,
                step_y * 0.5,
                shade,
            )


def house(
    c: Canvas,
    x: float,
    base: float,
    width: float,
    height: float,
    wall: str,
    *,
    window: str = PALE,
    gable: str = "cornice",
    door: str = INK,
    bay: bool = False,
    lit: tuple[int, ...] = (),
    floors: int = 3,
    shop: str = "",
) -> None:
    """A Brussels row house of two or three bays.

    `gable` is "cornice", "step", "neck" or "mansard"; `lit` numbers windows (from the top left) that glow;
    `shop` is the colour of an awning, and turns the ground floor into a shop front.
    """
    light = mix(wall, CREAM, 0.42)
    dark = mix(wall, INK, 0.32)
    top = base - height
    if gable == "step":
        steps = 4
        for step in range(steps):
            inset = width * 0.115 * step
            c.rect(x + inset, top - step * width * 0.115, width - 2 * inset, width * 0.125, wall)
            c.rect(x + inset - 2, top - step * width * 0.115 - 3, width * 0.115, 6, light)
            c.rect(
                x + width - inset - width * 0.115 + 2, top - step * width * 0.115 - 3, width * 0.115, 6, light
            )
        c.rect(x + width * 0.345, top - (steps - 1) * width * 0.115 - 3, width * 0.31, 6, light)
        c.circle(x + width / 2, top - width * 0.13, width * 0.075, dark)
    elif gable == "neck":
        c.blob(
            [
                (x, top),
                (x + width * 0.2, top - width * 0.2),
                (x + width * 0.3, top - width * 0.42),
                (x + width * 0.5, top - width * 0.52),
                (x + width * 0.7, top - width * 0.42),
                (x + width * 0.8, top - width * 0.2),
                (x + width, top),
                (x + width / 2, top + 30),
            ],
            wall,
        )
        c.circle(x + width / 2, top - width * 0.22, width * 0.08, dark)
    elif gable == "mansard":
        roof = mix(INK, MIST, 0.25)
        c.poly(
            [
                (x, top),
                (x + width * 0.06, top - width * 0.36),
                (x + width * 0.94, top - width * 0.36),
                (x + width, top),
            ],
            roof,
        )
        for share in (0.27, 0.73):
            c.rect(x + width * share - width * 0.1, top - width * 0.28, width * 0.2, width * 0.28, light)
            c.rect(x + width * share - width * 0.065, top - width * 0.22, width * 0.13, width * 0.2, window)
    c.rect(x, top, width, height, wall)
    c.rect(x - 3, top - 4, width + 6, 12, light)
    c.rect(x, top + 8, width, 5, dark)
    ground = height / (floors + 0.35) * 1.25
    upper = (height - ground) / floors if floors else 0
    bays = 2 if width < 190 else 3
    number = 0
    for floor in range(floors):
        fy = top + 16 + floor * upper
        for column in range(bays):
            wx = x + width * (column + 0.5) / bays
            ww, wh = width / bays * 0.48, upper * 0.62
            glow = mix(OCHRE, CREAM, 0.35) if number in lit else window
            if bay and column == bays // 2 and floor == floors - 1:
                c.rect(wx - ww * 0.95, fy - 8, ww * 1.9, upper * 0.9, light)
                c.rect(wx - ww * 1.05, fy + upper * 0.86, ww * 2.1, 9, dark)
                for part in (-0.62, 0, 0.62):
                    c.rect(wx + part * ww - ww * 0.24, fy + 6, ww * 0.48, wh * 0.95, glow)
            else:
                c.rect(wx - ww / 2 - 4, fy + 2, ww + 8, wh + 6, light)
                c.rect(wx - ww / 2, fy + 6, ww, wh, glow)
                c.rect(wx - 1.5, fy + 6, 3, wh, light)
                c.rect(wx - ww / 2, fy + 6 + wh * 0.34, ww, 3, light)
                c.rect(wx - ww / 2 - 7, fy + wh + 6, ww + 14, 6, dark)
            number += 1
    gy = base - ground
    c.rect(x, gy, width, 7, dark)
    if shop:
        c.rect(x + width * 0.06, gy + 18, width * 0.88, ground - 34, INK, 4)
        c.rect(x + width * 0.1, gy + 26, width * 0.5, ground - 52, mix(OCHRE, CREAM, 0.55))
        c.rect(x + width * 0.66, gy + 26, width * 0.24, ground - 42, mix(OCHRE, CREAM, 0.35))
        awning(c, x + width * 0.03, gy + 10, width * 0.94, ground * 0.26, shop)
    else:
        c.rect(x, base - ground * 0.2, width, ground * 0.2, dark)
        dx = x + width * 0.72
        c.rect(dx - width * 0.11 - 5, gy + 18, width * 0.22 + 10, ground - 18, light)
        c.rect(dx - width * 0.11, gy + 24, width * 0.22, ground - 24, door)
        c.rect(dx - width * 0.08, gy + 32, width * 0.16, ground * 0.14, window)
        c.circle(dx + width * 0.07, base - ground * 0.36, 3.5, OCHRE)
        c.rect(x + width * 0.12 - 4, gy + 20, width * 0.38 + 8, ground * 0.5, light)
        c.rect(x + width * 0.12, gy + 24, width * 0.38, ground * 0.5 - 8, window)
        c.rect(x + width * 0.31 - 1.5, gy + 24, 3, ground * 0.5 - 8, light)


def awning(c: Canvas, x: float, y: float, width: float, drop: float, colour: str) -> None:
    """A striped awning with a scalloped edge."""
    stripes = max(4, round(width / 26))
    step = width / stripes
    for index in range(stripes):
        shade = colour if index % 2 == 0 else CREAM
        c.poly(
            [
                (x + index * step + width * 0.01, y),
                (x + (index + 1) * step + width * 0.01, y),
                (x + (index + 1) * step, y + drop),
                (x + index * step, y + drop),
            ],
            shade,
        )
        c.pie(x + (index + 0.5) * step, y + drop, step / 2, 0, 180, shade)


def row_of_houses(
    c: Canvas, x0: float, x1: float, base: float, scale: float, seed: int, *, night: bool = False
) -> None:
    """Row houses side by side until `x1`, each a little different; at `scale` 1 about 400 high."""
    walls = (BRICK, SAND, CLAY, DUNE, mix(BRICK, INK, 0.2), "#e9d3bd", MIST)
    gables = ("cornice", "mansard", "step", "cornice", "neck", "mansard")
    x, index = x0, 0
    while x < x1:
        width = (138 + 54 * noise(seed, index)) * scale
        height = (330 + 120 * noise(seed + 5, index)) * scale
        wall = walls[(index * 3 + seed) % len(walls)]
        if night:
            wall = mix(wall, INK, 0.66)
        lit = tuple(n for n in range(9) if noise(seed + 9, index * 11 + n) > 0.55) if night else ()
        window = mix(INK, MIST, 0.22) if night else mix(PALE, MIST, 0.25)
        house(
            c,
            x,
            base,
            width,
            height,
            wall,
            window=window,
            gable=gables[(index + seed) % 6],
            bay=index % 2 == 1,
            lit=lit,
            door=(INK, DEEP, BRICK)[index % 3],
        )
        x += width
        index += 1


def tram(c: Canvas, x: float, base: float, length: float, *, night: bool = False, wire: bool = True) -> None:
    """A long low tram that runs to the right; `x` is its rear end."""
    h = length * 0.135
    body = mix(CREAM, INK, 0.45) if night else "#e9e4d8"
    glass = mix(OCHRE, CREAM, 0.4) if night else mix(DEEP, MIST, 0.35)
    top = base - h * 1.08
    if wire:
        c.line([(0, top - h * 0.72), (c.width, top - h * 0.72)], clear(INK, 0.75), 2.5, cap=False)
        c.line(
            [
                (x + length * 0.46, top),
                (x + length * 0.5, top - h * 0.36),
                (x + length * 0.465, top - h * 0.7),
            ],
            INK,
            4,
        )
        c.line([(x + length * 0.44, top - h * 0.71), (x + length * 0.5, top - h * 0.71)], INK, 4)
    c.rect(x, top, length, h, body, h * 0.2)
    c.poly(
        [
            (x + length - h * 0.6, top),
            (x + length - h * 0.16, top + h * 0.06),
            (x + length + h * 0.16, top + h * 0.72),
            (x + length + h * 0.16, top + h),
            (x + length - h * 0.6, top + h),
        ],
        body,
    )
    c.rect(x + length * 0.02, top - h * 0.07, length * 0.9, h * 0.1, mix(body, INK, 0.4), h * 0.04)
    c.rect(x, top + h * 0.68, length + h * 0.14, h * 0.14, OCHRE)
    cars = 4
    part = length / cars
    for car in range(cars):
        cx = x + car * part
        inner = part * 0.94 if car < cars - 1 else part * 0.86
        c.rect(cx + part * 0.04, top + h * 0.16, inner - part * 0.02, h * 0.42, glass, h * 0.06)
        for split in (0.2, 0.36, 0.62, 0.78):
            c.rect(cx + part * split, top + h * 0.16, 3, h * 0.42, body)
        for door in (0.42, 0.52):
            c.rect(cx + part * door, top + h * 0.14, part * 0.09, h * 0.7, glass, 3)
            c.rect(cx + part * door - 2, top + h * 0.12, 3, h * 0.74, mix(body, INK, 0.3))
        if car:
            c.rect(cx - h * 0.05, top + h * 0.02, h * 0.1, h * 0.94, mix(INK, MIST, 0.15))
    nose = x + length
    c.poly(
        [
            (nose - h * 0.34, top + h * 0.14),
            (nose - h * 0.12, top + h * 0.14),
            (nose + h * 0.1, top + h * 0.6),
            (nose - h * 0.34, top + h * 0.6),
        ],
        mix(INK, MIST, 0.3) if not night else glass,
    )
    c.rect(nose - h * 0.02, top + h * 0.82, h * 0.14, h * 0.07, mix(OCHRE, CREAM, 0.6), h * 0.03)
    c.rect(x + h * 0.05, top + h, length - h * 0.05, h * 0.08, INK)
    for car in range(cars):
        for side in (0.2, 0.8):
            c.pie(x + (car + side) * part, base - h * 0.07, h * 0.12, 0, 360, INK)


def bicycle(c: Canvas, x: float, base: float, size: float, colour: str) -> None:
    """A bicycle running to the right; `size` is the distance between the hubs."""
    r = size * 0.34
    y = base - r
    for wx in (x, x + size):
        c.ring(wx, y, r, INK, size * 0.03)
        c.circle(wx, y, size * 0.03, INK)
    crank = (x + size * 0.42, y + r * 0.06)
    seat = (x + size * 0.3, y - r * 1.15)
    head = (x + size * 0.82, y - r * 1.15)
    w = size * 0.04
    for start, end in (
        ((x, y), crank),
        ((x, y), seat),
        (crank, seat),
        (crank, head),
        (seat, head),
        (head, (x + size, y)),
    ):
        c.line([start, end], colour, w)
    c.line([seat, (seat[0] - size * 0.03, seat[1] - r * 0.25)], INK, w)
    c.rect(seat[0] - size * 0.13, seat[1] - r * 0.36, size * 0.2, size * 0.045, INK, size * 0.02)
    c.line(
        [head, (head[0] - size * 0.04, head[1] - r * 0.4), (head[0] + size * 0.07, head[1] - r * 0.46)],
        INK,
        w,
    )


def rider(
    c: Canvas, x: float, base: float, size: float, *, coat: str, bike: str, look: int = 0, vest: bool = False
) -> None:
    """A person on a bicycle, running to the right."""
    r = size * 0.34
    y = base - r
    skin = SKINS[look % 4]
    hip = (x + size * 0.29, y - r * 1.5)
    knee = (x + size * 0.56, y - r * 0.95)
    crank = (x + size * 0.47, y + r * 0.42)
    c.line(
        [hip, (x + size * 0.46, y - r * 0.62), (x + size * 0.36, y - r * 0.1)],
        mix(INK, MIST, 0.2),
        size * 0.11,
    )
    bicycle(c, x, base, size, bike)
    shoulder = (x + size * 0.53, y - r * 2.85)
    c.line([hip, knee, crank], INK, size * 0.12)
    c.rect(crank[0] - size * 0.05, crank[1], size * 0.17, size * 0.06, INK, size * 0.03)
    c.line([hip, shoulder], OCHRE if vest else coat, size * 0.235)
    if vest:
        middle = ((hip[0] + shoulder[0]) / 2, (hip[1] + shoulder[1]) / 2)
        across = size * 0.1
        c.line(
            [(middle[0] - across, middle[1] - across * 0.4), (middle[0] + across, middle[1] + across * 0.4)],
            CREAM,
            size * 0.045,
            cap=False,
        )
    c.line(
        [
            (shoulder[0] + size * 0.02, shoulder[1] + size * 0.05),
            (x + size * 0.7, y - r * 1.95),
            (x + size * 0.87, y - r * 1.62),
        ],
        mix(coat, INK, 0.2),
        size * 0.085,
    )
    c.circle(x + size * 0.88, y - r * 1.62, size * 0.04, skin)
    head = (shoulder[0] + size * 0.08, shoulder[1] - size * 0.2)
    c.circle(*head, size * 0.12, skin)
    c.pie(
        head[0] - size * 0.01,
        head[1] - size * 0.02,
        size * 0.135,
        175,
        355,
        DEEP if vest else HAIRS[look % 4],
    )


def speech(
    c: Canvas, x: float, y: float, width: float, height: float, colour: str, *, tail: int = -1
) -> None:
    """A speech bubble; its tail is on the left (-1) or on the right (1)."""
    c.rect(x, y, width, height, colour, height * 0.3)
    tx = x + width * (0.24 if tail < 0 else 0.76)
    c.poly(
        [
            (tx - height * 0.14, y + height - 2),
            (tx + height * 0.14, y + height - 2),
            (tx + tail * height * 0.2, y + height * 1.28),
        ],
        colour,
    )


def antenna_waves(c: Canvas, x: float, y: float, radius: float, colour: str, width: float) -> None:
    """Three arcs that spread from a point, to both sides."""
    for step in range(1, 4):
        for start in (-38, 142):
            c.arc(x, y, radius * step / 3, start, start + 76, colour, width)


def ripples(
    c: Canvas, x0: float, x1: float, top: float, bottom: float, colour: str, seed: int, count: int = 26
) -> None:
    """Short horizontal strokes on water, longer towards the viewer."""
    for index in range(count):
        share = noise(seed, index)
        y = top + (bottom - top) * share
        length = 30 + 150 * share * noise(seed + 3, index)
        x = x0 + (x1 - x0 - length) * noise(seed + 7, index)
        c.line([(x, y), (x + length, y)], colour, 2 + 2.5 * share)


def barge(c: Canvas, x: float, base: float, length: float, hull: str) -> None:
    """A canal barge seen from the side."""
    h = length * 0.09
    c.poly(
        [(x, base - h), (x + length, base - h * 1.25), (x + length * 0.95, base), (x + length * 0.04, base)],
        hull,
    )
    c.poly(
        [
            (x, base - h),
            (x + length, base - h * 1.25),
            (x + length * 0.995, base - h * 0.95),
            (x + length * 0.008, base - h * 0.72),
        ],
        CREAM,
    )
    c.rect(x + length * 0.28, base - h * 1.55, length * 0.56, h * 0.5, mix(hull, INK, 0.35), 6)
    c.rect(x + length * 0.06, base - h * 2.3, length * 0.17, h * 1.32, CREAM, 4)
    c.rect(x + length * 0.05, base - h * 2.45, length * 0.19, h * 0.2, INK)
    for window in (0.085, 0.155):
        c.rect(x + length * window, base - h * 2.0, length * 0.045, h * 0.5, DEEP)


def bench(c: Canvas, x: float, base: float, width: float, colour: str = BRICK) -> None:
    c.rect(x, base - width * 0.24, width, width * 0.045, colour, 3)
    c.rect(x, base - width * 0.44, width, width * 0.045, colour, 3)
    c.rect(x, base - width * 0.36, width, width * 0.045, colour, 3)
    for share in (0.1, 0.86):
        c.rect(x + width * share, base - width * 0.44, width * 0.04, width * 0.44, INK)


def camera_mast(c: Canvas, x: float, base: float, height: float, colour: str = INK) -> None:
    """A mast with a dome camera to the left and a fixed camera to the right."""
    w = height * 0.014
    c.rect(x - w, base - height, 2 * w, height, colour)
    c.rect(x - w * 3, base - height * 0.16, w * 6, height * 0.16, mix(colour, MIST, 0.25), 4)
    c.rect(x - height * 0.16, base - height * 0.97, height * 0.34, w * 1.4, colour, w * 0.7)
    c.rect(x - height * 0.175, base - height * 0.97, height * 0.05, height * 0.035, CREAM, 4)
    c.pie(x - height * 0.15, base - height * 0.936, height * 0.027, 0, 180, DEEP)
    c.poly(
        [
            (x + height * 0.1, base - height * 1.015),
            (x + height * 0.25, base - height * 0.985),
            (x + height * 0.24, base - height * 0.92),
            (x + height * 0.09, base - height * 0.955),
        ],
        CREAM,
    )
    c.poly(
        [
            (x + height * 0.235, base - height * 0.985),
            (x + height * 0.262, base - height * 0.98),
            (x + height * 0.255, base - height * 0.925),
            (x + height * 0.228, base - height * 0.93),
        ],
        DEEP,
    )

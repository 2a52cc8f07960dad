"""The pictures that news articles share."""

from __future__ import annotations

import math

from home.demo.drawing import motifs as m
from home.demo.drawing.brussels import Projection
from home.demo.drawing.canvas import Canvas, around, clear, mix, noise, smooth
from home.demo.drawing.motifs import BRICK, CLAY, CREAM, DEEP, INK, MIST, OCHRE, PALE, SKY, TEAL
from home.demo.drawing.scenes.register import scene, seated_from_behind, zone_map


@scene("news-plan")
def news_plan(c: Canvas) -> None:
    """The region's map on a wall, an open plan on the table before it."""
    c.rect(0, 0, 1600, 1000, DEEP)
    for index in range(7):
        c.circle(1180, 380, 760 - index * 90, clear(TEAL, 0.13))
    c.rect(836, 76, 640, 640, clear("#000000", 0.2), 6)
    c.rect(824, 60, 640, 640, PALE, 6)
    for index in range(1, 4):
        c.line([(824 + index * 160, 60), (824 + index * 160, 700)], clear(MIST, 0.35), 3)
        c.line([(824, 60 + index * 160), (1464, 60 + index * 160)], clear(MIST, 0.35), 3)
    zone_map(c, Projection(870, 100, 548, 560), pins=False)
    for x, y in ((838, 74), (1450, 74)):
        c.circle(x, y, 12, BRICK)
    c.rect(0, 760, 1600, 240, mix(CLAY, BRICK, 0.35))
    c.rect(0, 750, 1600, 22, mix(CLAY, CREAM, 0.3))
    c.poly([(150, 900), (430, 860), (430, 330), (150, 280)], "#e9dfc8")
    c.poly([(430, 860), (720, 900), (720, 280), (430, 330)], CREAM)
    c.poly([(138, 912), (430, 874), (732, 912), (732, 894), (430, 854), (138, 894)], BRICK)
    for row in range(9):
        y = 370 + row * 44
        if row not in {3}:
            c.line([(190, y - 24), (390, y)], "#c8c8b6", 11)
        c.line([(470, y), (680 - (90 if row % 4 == 3 else 0), y - 26)], "#d2d4c6", 11)
    c.rect(470, 372, 2, 2, CREAM)
    c.poly([(190, 330), (320, 345), (320, 366), (190, 351)], BRICK)
    for index, height in enumerate((70, 120, 95, 150)):
        c.rect(480 + index * 50, 790 - height, 34, height, (TEAL, OCHRE, CLAY, DEEP)[index], 4)
    c.line([(470, 794), (690, 794)], INK, 5)
    c.line([(760, 880), (960, 820)], OCHRE, 18)
    c.poly([(960, 811), (994, 806), (964, 829)], INK)
    c.circle(1230, 842, 58, CREAM)
    c.circle(1230, 842, 44, mix(BRICK, INK, 0.45))
    c.arc(1296, 842, 24, -80, 80, CREAM, 13)


@scene("news-winter")
def news_winter(c: Canvas) -> None:
    """Winter evening at the Grand-Place: the spire, wooden stalls, lights and snow."""
    c.gradient(0, 760, "#0c2f3b", "#3c7480")
    c.circle(330, 210, 80, "#f3e8cf")
    c.circle(330, 210, 130, clear(CREAM, 0.09))
    m.skyline(c, 0, 1600, 740, 260, "#1d4e5a", 111)
    m.town_hall(c, 980, 760, 690, "#4d8089", mix(OCHRE, CREAM, 0.3))
    m.row_of_houses(c, -40, 560, 760, 0.98, 31, night=True)
    m.row_of_houses(c, 1380, 1650, 760, 0.98, 37, night=True)
    c.rect(0, 756, 1600, 244, "#d9e5e4")
    c.blob(
        [(-100, 800), (400, 770), (900, 800), (1300, 772), (1750, 800), (1750, 1100), (-100, 1100)], "#eaf1ef"
    )
    tree_x, tree_base = 690, 800
    for index, (width, top) in enumerate(((300, 560), (250, 460), (195, 370), (130, 295))):
        c.poly(
            [(tree_x - width / 2, top + 190), (tree_x, top), (tree_x + width / 2, top + 190)],
            mix(TEAL, INK, 0.3 - index * 0.07),
        )
    c.rect(tree_x - 16, 745, 32, tree_base - 745, mix(BRICK, INK, 0.5))
    for index in range(26):
        y = 360 + 370 * noise(21, index)
        half = 20 + (y - 330) * 0.3
        c.circle(tree_x + half * (noise(22, index) * 2 - 1), y, 7, (OCHRE, CREAM, CLAY)[index % 3])
    c.poly([around(tree_x, 288, 34 if step % 2 == 0 else 14, step * 36 - 90) for step in range(10)], OCHRE)
    for x, roof in ((70, BRICK), (1010, TEAL), (1290, BRICK)):
        c.rect(x + 16, 700, 218, 150, mix(CLAY, BRICK, 0.5))
        for plank in range(5):
            c.line([(x + 16 + plank * 48, 790), (x + 16 + plank * 48, 850)], mix(BRICK, INK, 0.3), 3)
        c.rect(x + 34, 716, 182, 70, mix(OCHRE, CREAM, 0.5))
        m.bust(c, x + 90, 784, 48, coat=DEEP, look=x % 3)
        m.bust(c, x + 160, 784, 46, coat=BRICK, look=(x + 1) % 4)
        c.rect(x + 6, 780, 238, 12, mix(BRICK, INK, 0.35))
        c.poly([(x - 14, 706), (x + 40, 620), (x + 210, 620), (x + 264, 706)], roof)
        c.poly(
            [
                (x + 22, 650),
                (x + 40, 616),
                (x + 210, 616),
                (x + 228, 650),
                (x + 180, 640),
                (x + 120, 654),
                (x + 70, 640),
            ],
            "#f3f7f5",
        )
        for bulb in range(9):
            c.circle(x + bulb * 31, 714 + 4 * (bulb % 2), 6, mix(OCHRE, CREAM, 0.35))
    for x0, x1 in ((0, 560), (560, 1010), (1010, 1600)):
        points = [(x0 + (x1 - x0) * t / 16, 300 + 70 * math.sin(math.pi * t / 16)) for t in range(17)]
        c.line(points, clear(CREAM, 0.4), 2.5)
        for px, py in points[1::2]:
            c.circle(px, py + 8, 9, mix(OCHRE, CREAM, 0.4))
            c.circle(px, py + 8, 20, clear(OCHRE, 0.18))
    for x, base, coat, look, vest, facing, height in (
        (390, 925, BRICK, 1, False, 1, 240), (455, 925, TEAL, 3, False, -1, 246),
        (555, 930, OCHRE, 0, False, 1, 160),
        (880, 935, DEEP, 0, True, 1, 256), (960, 935, INK, 2, True, -1, 246),
        (1230, 930, CLAY, 2, False, -1, 240),
    ):  # fmt: skip
        c.ellipse(x, base, 50, 9, clear(DEEP, 0.25))
        m.person(
            c, x, base, height, coat=coat, look=look, vest=vest, facing=facing, stride=0.0 if vest else 0.03
        )
    for index in range(90):
        c.circle(
            1600 * noise(71, index), 1000 * noise(72, index), 2 + 4 * noise(73, index), clear("#ffffff", 0.85)
        )


@scene("news-training")
def news_training(c: Canvas) -> None:
    """A training room: a speaker before a screen, rows of participants seen from behind."""
    c.rect(0, 0, 1600, 1000, "#dccbad")
    c.rect(0, 0, 1600, 640, mix(TEAL, SKY, 0.28))
    for index in range(17):
        c.rect(index * 100, 0, 6, 640, clear(INK, 0.08))
    c.rect(424, 74, 760, 420, clear(INK, 0.25), 6)
    c.rect(410, 60, 760, 420, CREAM, 6)
    cx, cy = 790, 270
    for index in range(5):
        x, y = around(cx, cy, 146, index * 72 - 90)
        c.line([(cx, cy), (x, y)], MIST, 8)
        following = around(cx, cy, 146, index * 72 - 18)
        c.line([(x, y), following], clear(MIST, 0.6), 5)
    for index, colour in enumerate((BRICK, OCHRE, TEAL, DEEP, CLAY)):
        x, y = around(cx, cy, 146, index * 72 - 90)
        c.circle(x, y, 38, colour)
        c.circle(x, y, 14, CREAM)
    c.circle(cx, cy, 52, INK)
    c.circle(cx, cy, 20, OCHRE)
    for index in range(4):
        c.rect(990, 170 + index * 46, (130, 100, 120, 80)[index], 14, "#cfd8d0", 7)
        c.rect(460, 170 + index * 46, (110, 90, 120, 70)[index], 14, "#cfd8d0", 7)
    c.rect(0, 630, 1600, 16, mix(CLAY, INK, 0.35))
    m.person(c, 1330, 700, 400, coat=BRICK, look=1, facing=-1, arm=(72, 12))
    c.rect(150, 470, 150, 230, mix(CLAY, INK, 0.25), 8)
    c.rect(130, 450, 190, 30, mix(CLAY, INK, 0.45), 6)
    c.line([(225, 450), (250, 400)], INK, 6)
    c.circle(252, 396, 11, INK)
    m.tree(c, 60, 690, 260, TEAL)
    c.rect(34, 640, 54, 60, BRICK, 6)
    coats = (DEEP, CLAY, TEAL, INK, BRICK, OCHRE, MIST)
    for row, (base, size, count) in enumerate(((800, 200, 8), (960, 260, 6))):
        step = 1600 / count
        for index in range(count):
            x = step * (index + 0.5) + (step * 0.18 if row else 0)
            seated_from_behind(c, x, base + 40, size, coats[(index * 3 + row * 2) % 7], (index + row) % 4)
    hx = 1600 / 6 * 2.5 + 48
    c.line([(hx + 50, 820), (hx + 78, 690)], coats[(2 * 3 + 2) % 7], 34)
    c.circle(hx + 80, 672, 20, m.SKINS[3])


@scene("news-phone")
def news_phone(c: Canvas) -> None:
    """A hand with a telephone that calls; the three branches of help answer."""
    c.rect(0, 0, 1600, 1000, "#f0e4cc")
    for index in range(6):
        c.circle(640, 480, 820 - index * 120, clear(OCHRE, 0.09))
    for start in (-36,):
        for radius in (330, 440, 550):
            c.arc(640, 400, radius, start, start + 72, clear(BRICK, 0.8 - radius / 1000), 16)
    skin = m.SKINS[2]
    c.rect(540, 480, 270, 380, skin, 100)
    c.blob([(470, 560), (448, 660), (466, 780), (530, 880), (690, 900), (600, 600)], skin)
    c.poly([(500, 1000), (536, 872), (796, 872), (830, 1000)], DEEP)
    c.rect(514, 862, 304, 38, CREAM, 8)
    c.rect(488, 168, 334, 660, clear(INK, 0.22), 52)
    c.rect(474, 150, 334, 660, INK, 52)
    c.rect(494, 172, 294, 616, "#dceae7", 36)
    c.rect(596, 182, 90, 18, INK, 9)
    c.circle(641, 350, 74, BRICK)
    _handset(c, 641, 350, 46, CREAM)
    for index in range(3):
        c.rect(551 + index * 10, 470 + index * 34, 180 - index * 20, 14, MIST, 7)
    for row in range(2):
        for column in range(3):
            c.circle(565 + column * 76, 614 + row * 74, 26, CREAM)
    c.circle(641, 746, 22, TEAL)
    for index in range(4):
        c.rect(776, 470 + index * 78, 78, 62, skin, 31)
    c.line(smooth([(478, 760), (474, 660), (530, 560)], closed=False), skin, 64)
    c.line(smooth([(478, 700), (484, 640), (526, 566)], closed=False), mix(skin, CREAM, 0.14), 30)
    for (x, y), fill in zip(((1240, 210), (1370, 490), (1240, 770)), (DEEP, BRICK, TEAL), strict=True):
        c.circle(x + 6, y + 10, 124, clear(INK, 0.14))
        c.circle(x, y, 124, fill)
        c.ring(x, y, 124, CREAM, 7)
    x, y = 1240, 210
    c.poly(
        smooth(
            [(x - 52, y - 52), (x, y - 66), (x + 52, y - 52), (x + 48, y + 12), (x, y + 70), (x - 48, y + 12)]
        ),
        CREAM,
    )
    c.poly([around(x, y - 4, 36 if step % 2 == 0 else 15, step * 36 - 90) for step in range(10)], OCHRE)
    x, y = 1370, 490
    c.blob(
        [
            (x, y - 74),
            (x + 34, y - 24),
            (x + 52, y + 24),
            (x + 28, y + 64),
            (x - 28, y + 64),
            (x - 52, y + 20),
            (x - 20, y - 22),
        ],
        CREAM,
    )
    c.blob([(x + 2, y - 8), (x + 22, y + 22), (x + 16, y + 54), (x - 16, y + 54), (x - 24, y + 24)], OCHRE)
    x, y = 1240, 770
    c.rect(x - 70, y - 22, 140, 48, CREAM, 6)
    c.rect(x - 24, y - 68, 48, 140, CREAM, 6)


def _handset(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """A telephone receiver, lying at an angle."""
    c.arc(x + size * 0.28, y - size * 0.28, size * 0.98, 78, 192, colour, size * 0.36)
    for angle in (78, 192):
        px, py = around(x + size * 0.28, y - size * 0.28, size * 0.98, angle)
        c.circle(px, py, size * 0.3, colour)


@scene("news-storm")
def news_storm(c: Canvas) -> None:
    """Storm over the roofs: slanting rain, bent trees, people under umbrellas."""
    c.gradient(0, 760, "#4d7984", "#b8ccc9")
    for x, y, width, shade in (
        (-80, 250, 620, "#3b6671"),
        (420, 170, 560, "#44707b"),
        (940, 270, 720, "#3b6671"),
    ):
        m.cloud(c, x, y, width, shade)
    c.poly([(1064, 262), (1012, 392), (1056, 392), (1018, 520), (1118, 362), (1070, 362), (1112, 262)], OCHRE)
    m.skyline(c, 0, 1600, 740, 240, "#86a8ab", 121)
    m.row_of_houses(c, -40, 720, 770, 0.95, 41)
    m.row_of_houses(c, 1120, 1660, 770, 0.95, 47)
    c.rect(0, 0, 1600, 780, clear("#5b858d", 0.25))
    c.rect(0, 766, 1600, 234, "#77949a")
    c.rect(0, 766, 1600, 12, mix(INK, MIST, 0.4))
    for x, y, rx in ((250, 930, 190), (820, 965, 260), (1380, 920, 200)):
        c.ellipse(x, y, rx, 22, "#a9c3c6")
        c.ellipse(x + 20, y + 2, rx * 0.6, 10, "#c3d7d7")
    for x, base, size in ((800, 800, 1.0), (1010, 800, 0.8)):
        trunk = [(x, base), (x + 10 * size, base - 160 * size), (x - 30 * size, base - 280 * size)]
        c.line(smooth(trunk, closed=False), mix(INK, BRICK, 0.25), 22 * size)
        c.blob(
            [
                (x + 60 * size, base - 250 * size),
                (x + 40 * size, base - 400 * size),
                (x - 90 * size, base - 440 * size),
                (x - 260 * size, base - 370 * size),
                (x - 190 * size, base - 330 * size),
                (x - 230 * size, base - 270 * size),
                (x - 70 * size, base - 240 * size),
            ],
            TEAL,
        )
        c.blob(
            [
                (x + 20 * size, base - 330 * size),
                (x - 40 * size, base - 400 * size),
                (x - 150 * size, base - 380 * size),
                (x - 90 * size, base - 330 * size),
            ],
            mix(TEAL, SKY, 0.25),
        )
    for index in range(9):
        c.circle(430 - 300 * noise(81, index) + index * 20, 480 + 240 * noise(82, index), 8, OCHRE)
    for x, base, coat, look, umbrella in (
        (330, 940, BRICK, 1, OCHRE),
        (560, 950, DEEP, 2, BRICK),
        (1240, 945, TEAL, 0, CREAM),
    ):
        c.ellipse(x, base, 60, 11, clear(INK, 0.25))
        m.person(c, x, base, 290, coat=coat, look=look, facing=1, stride=0.06, arm=(10, 140), legs=INK)
        ux, uy = x + 36, base - 330
        c.line([(x + 82, base - 262), (ux, uy - 40)], INK, 7)
        c.pie(ux, uy + 16, 140, 190, 350, umbrella)
        for part in (-0.62, 0, 0.62):
            c.pie(ux + part * 108, uy + 4, 46, 185, 355, mix(umbrella, INK, 0.12 if part else 0.2))
        c.circle(ux, uy - 126, 8, INK)
    for index in range(130):
        px, py = 1700 * noise(91, index), 960 * noise(92, index)
        length = 26 + 34 * noise(93, index)
        c.line([(px, py), (px - length * 0.45, py + length)], clear("#e8f1ef", 0.5), 3)

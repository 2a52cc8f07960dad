# ruff: noqa: PLR0915 - a picture is a list of strokes
"""The home page's picture and those of the missions."""

from __future__ import annotations

import math

from home.demo.drawing import motifs as m
from home.demo.drawing.brussels import Projection
from home.demo.drawing.canvas import Canvas, around, clear, mix, noise, smooth
from home.demo.drawing.motifs import BRICK, CLAY, CREAM, DEEP, DUNE, INK, MIST, OCHRE, PALE, SAND, SKY, TEAL
from home.demo.drawing.scenes.register import scene, sheet, zone_map


@scene("home-hero", 1920, 1080)
def home_hero(c: Canvas) -> None:
    """Morning over the canal: landmarks, a tram on the bridge, the first light on the water."""
    c.gradient(0, 660, "#bcd8da", "#f6e7cd")
    m.sun(c, 1290, 470, 118)
    m.cloud(c, 180, 210, 330, "#eef4f0")
    m.cloud(c, 770, 120, 240, "#e6f0ee")
    m.cloud(c, 1620, 150, 280, "#f1efe4")
    horizon = 660
    m.skyline(c, 0, 1920, horizon, 130, "#bdd1ce", 3)
    m.basilica(c, 330, horizon - 20, 270, "#a3c0bf", "#7ea5a6")
    m.tower(c, 575, horizon, 78, 290, "#a9c4c3", "#d5e3df", 4)
    m.tower(c, 668, horizon, 62, 230, "#a3c0bf", "#d5e3df", 8)
    c.ellipse(1600, horizon + 40, 260, 110, "#9dbdbb")
    m.atomium(c, 1600, horizon - 56, 360, "#6f979c", "#edf3f0")
    m.town_hall(c, 1010, horizon, 480, "#7199a0", "#a9c6c6")
    m.skyline(c, 1130, 1480, horizon, 84, "#93b4b4", 12)
    m.skyline(c, 0, 640, horizon, 74, "#93b4b4", 21)
    for x, height in ((560, 120), (620, 90), (1380, 110), (1450, 130), (700, 100), (1330, 90), (1740, 120)):
        m.tree(c, x, horizon + 10, height, mix(TEAL, SKY, 0.42))
    c.rect(0, horizon, 1920, 90, "#83a9aa")
    m.row_of_houses(c, -40, 440, 800, 0.66, 2)
    m.row_of_houses(c, 1745, 1960, 800, 0.7, 6)
    bridge, water = 712, 816
    m.tram(c, 600, bridge + 3, 660)
    c.rect(0, bridge, 1920, water - bridge, "#235c68")
    c.rect(0, bridge, 1920, 16, INK)
    for x in range(0, 1920, 32):
        c.rect(x, bridge - 26, 4, 28, INK)
    c.rect(0, bridge - 28, 1920, 5, INK)
    for ax in (620, 960, 1300):
        c.ellipse(ax, water, 146, 84, INK)
        c.ellipse(ax, water, 134, 74, "#6ea0a3")
    c.gradient(water, 1080, "#4f8c90", "#12404b")
    c.rect(0, water, 1920, 5, clear(INK, 0.5))
    for ax in (620, 960, 1300):
        with c.inside([(0, water), (1920, water), (1920, 1080), (0, 1080)]):
            c.ellipse(ax, water, 146, 70, clear(INK, 0.42))
            c.ellipse(ax, water, 134, 60, "#6396a0")
    for index in range(15):
        y = water + 18 + index * 17
        half = 118 - index * 5 + 34 * noise(5, index)
        c.line([(1290 - half, y), (1290 + half, y)], clear("#f0bd56", 0.6 - index * 0.032), 5)
    m.ripples(c, 0, 1920, water + 20, 1070, clear("#cfe2df", 0.35), 9, 44)
    for x, quay in ((0, 452), (1480, 440)):
        c.rect(x, 786, quay, 66, DUNE)
        c.rect(x, 852, quay, 16, mix(DUNE, INK, 0.35))
        c.rect(x, 868, quay, 62, mix(DEEP, INK, 0.25))
    for x in (40, 232, 410):
        m.lamp(c, x, 800, 190)
    m.tree(c, 136, 806, 262, TEAL)
    m.tree(c, 322, 806, 232, DEEP)
    m.tree(c, 1560, 806, 236, DEEP)
    m.tree(c, 1720, 806, 270, TEAL)
    m.bench(c, 1610, 826, 74)
    m.person(c, 256, 830, 100, coat=BRICK, look=1, stride=0.06, facing=1)
    m.person(c, 392, 830, 104, coat=DEEP, look=0, vest=True, facing=-1)
    m.person(c, 1806, 830, 102, coat=CLAY, look=2, skirt=True, stride=0.05, facing=-1)
    m.person(c, 1848, 830, 70, coat=OCHRE, look=1, facing=-1, stride=0.04)
    m.barge(c, 1010, 970, 430, BRICK)


@scene("mission-coordination")
def mission_coordination(c: Canvas) -> None:
    """A network: six actors on two orbits around one common centre."""
    c.rect(0, 0, 1600, 1000, PALE)
    for radius, shade in ((620, "#dbe9e7"), (470, "#cfe2e0"), (320, "#c1d8d7")):
        c.circle(800, 500, radius, shade)
    canal = smooth([(150, -40), (320, 160), (420, 420), (640, 560), (820, 780), (960, 1060)], closed=False)
    c.line(canal, "#aecdcf", 34)
    nodes = []
    for index in range(6):
        nodes.append(around(800, 500, 350, index * 60 - 90 + 30))
    for index, point in enumerate(nodes):
        following = nodes[(index + 1) % 6]
        c.line([point, following], clear(DEEP, 0.45), 5)
        c.line([(800, 500), point], DEEP, 9)
    c.circle(800, 500, 152, CREAM)
    c.circle(800, 500, 134, OCHRE)
    for index, (coat, look) in enumerate(((DEEP, 0), (BRICK, 1), (TEAL, 2))):
        angle = index * 120 - 90
        px, py = around(800, 512, 52, angle)
        c.circle(px, py - 26, 21, m.SKINS[(look + 1) % 4])
        c.pie(px, py - 28, 23, 180, 360, m.HAIRS[look])
        c.pie(px, py + 32, 38, 180, 360, coat)
    fills = (DEEP, CREAM, BRICK, CREAM, TEAL, CREAM)
    for (x, y), fill in zip(nodes, fills, strict=True):
        c.circle(x, y + 7, 112, clear(INK, 0.14))
        c.circle(x, y, 112, fill)
        c.ring(x, y, 112, INK if fill == CREAM else CREAM, 5)
    # Municipality, rescue, prevention, police, region, neighbourhood; clockwise from the upper right.
    x, y = nodes[0]
    c.poly([(x - 62, y - 18), (x, y - 64), (x + 62, y - 18)], CREAM)
    c.rect(x - 56, y + 44, 112, 14, CREAM)
    for shift in (-42, -14, 14, 42):
        c.rect(x + shift - 8, y - 10, 16, 48, CREAM)
    x, y = nodes[1]
    c.blob(
        [
            (x, y - 66),
            (x + 30, y - 22),
            (x + 46, y + 22),
            (x + 24, y + 58),
            (x - 24, y + 58),
            (x - 46, y + 18),
            (x - 18, y - 20),
        ],
        BRICK,
    )
    c.blob([(x + 2, y - 10), (x + 20, y + 20), (x + 14, y + 50), (x - 14, y + 50), (x - 22, y + 22)], OCHRE)
    x, y = nodes[2]
    c.circle(x, y - 30, 26, CREAM)
    c.pie(x, y + 56, 58, 180, 360, CREAM)
    c.circle(x - 56, y - 8, 17, CLAY)
    c.pie(x - 58, y + 52, 34, 180, 360, CLAY)
    c.circle(x + 56, y - 8, 17, CLAY)
    c.pie(x + 58, y + 52, 34, 180, 360, CLAY)
    x, y = nodes[3]
    c.poly(
        smooth(
            [(x - 50, y - 50), (x, y - 62), (x + 50, y - 50), (x + 46, y + 10), (x, y + 66), (x - 46, y + 10)]
        ),
        DEEP,
    )
    c.poly([around(x, y - 4, 34 if step % 2 == 0 else 15, step * 36 - 90) for step in range(10)], OCHRE)
    x, y = nodes[4]
    for rings in Projection(x - 62, y - 62, 124, 124).municipalities().values():
        for ring in rings:
            c.poly(ring, CREAM)
    x, y = nodes[5]
    m.house(c, x - 70, y + 62, 66, 88, BRICK, gable="step", floors=1)
    m.house(c, x + 2, y + 62, 66, 78, TEAL, gable="mansard", floors=1)


@scene("mission-police-zones")
def mission_police_zones(c: Canvas) -> None:
    """The nineteen municipalities coloured by police zone, as paper shapes with a pin for each zone."""
    c.rect(0, 0, 1600, 1000, "#dfeae8")
    c.circle(1360, 130, 480, "#e8e6d4")
    c.circle(180, 930, 430, "#cfe0de")
    for index in range(-6, 24):
        c.line([(index * 90, 0), (index * 90 - 420, 1000)], clear("#ffffff", 0.35), 3)
    zone_map(c, Projection(330, 50, 940, 900))


@scene("mission-local-prevention")
def mission_local_prevention(c: Canvas) -> None:
    """A street of row houses in daylight; prevention workers talk with residents."""
    c.gradient(0, 700, "#cfe4e4", "#f3ead8")
    m.sun(c, 1370, 190, 88)
    m.cloud(c, 120, 190, 300, "#eef5f2")
    m.cloud(c, 760, 120, 240, "#eef5f2")
    m.row_of_houses(c, -30, 1640, 760, 1.12, 4)
    c.rect(0, 758, 1600, 242, "#d9ccb4")
    c.rect(0, 758, 1600, 10, mix(DUNE, INK, 0.4))
    for index in range(9):
        c.line([(index * 220 - 60, 768), (index * 220 - 190, 1000)], clear(INK, 0.06), 5)
    c.rect(0, 905, 1600, 95, "#86979a")
    c.rect(0, 897, 1600, 14, "#efe6d4")
    m.tree(c, 205, 822, 430, TEAL)
    m.tree(c, 1440, 822, 470, DEEP)
    c.ellipse(205, 824, 66, 13, mix(DUNE, INK, 0.45))
    c.ellipse(1440, 824, 66, 13, mix(DUNE, INK, 0.45))
    m.bench(c, 300, 850, 210)
    for x, half in ((640, 60), (760, 70), (1010, 60), (1120, 66), (1225, 44)):
        c.ellipse(x, 872, half, 12, clear(INK, 0.16))
    m.person(c, 640, 872, 300, coat=DEEP, look=3, vest=True, facing=1, arm=(10, 50))
    m.person(c, 765, 872, 285, coat=BRICK, look=1, skirt=True, facing=-1, arm=(24, 8))
    m.person(c, 1010, 872, 296, coat=CLAY, look=2, facing=1, arm=(8, 20))
    m.person(c, 1120, 872, 306, coat=TEAL, look=0, vest=True, facing=1, arm=(14, 34))
    m.person(c, 1225, 872, 205, coat=OCHRE, look=1, legs=DEEP, facing=-1, arm=(20, 20))


@scene("mission-lisa")
def mission_lisa(c: Canvas) -> None:
    """A neighbourhood antenna: a lit counter on a street corner, people coming in."""
    c.gradient(0, 760, "#b9d3d6", "#e9ece0")
    c.circle(800, 330, 430, clear(CREAM, 0.35))
    m.skyline(c, 0, 1600, 790, 330, "#a5c3c4", 17)
    m.house(c, -110, 780, 175, 400, DUNE, gable="cornice", window=mix(PALE, MIST, 0.3))
    m.house(c, 60, 780, 230, 470, CLAY, gable="step", window=mix(PALE, MIST, 0.3), bay=True)
    m.house(c, 290, 780, 190, 420, SAND, gable="mansard", window=mix(PALE, MIST, 0.3))
    m.house(c, 1160, 780, 200, 440, BRICK, gable="cornice", window=mix(PALE, MIST, 0.3), bay=True)
    m.house(c, 1575, 780, 190, 450, CLAY, gable="mansard", window=mix(PALE, MIST, 0.3))
    m.house(c, 1360, 780, 220, 400, DUNE, gable="neck", window=mix(PALE, MIST, 0.3))
    c.rect(480, 210, 680, 570, DEEP)
    c.rect(464, 196, 712, 26, INK)
    for index in range(5):
        x = 524 + index * 124
        c.rect(x, 258, 84, 128, mix(DEEP, CREAM, 0.4), 6)
        c.rect(x + 7, 265, 70, 114, mix(PALE, MIST, 0.35), 4)
        c.rect(x + 40, 265, 4, 114, mix(DEEP, CREAM, 0.4))
    c.rect(480, 420, 680, 66, OCHRE)
    c.circle(560, 453, 20, CREAM)
    c.ring(560, 453, 20, INK, 5)
    c.circle(560, 453, 7, INK)
    for index in range(3):
        c.rect(600 + index * 116, 444, 92, 18, clear(CREAM, 0.95), 9)
    c.rect(510, 505, 440, 275, mix(OCHRE, CREAM, 0.72))
    c.rect(980, 505, 150, 275, mix(OCHRE, CREAM, 0.62))
    with c.inside([(510, 505), (950, 505), (950, 780), (510, 780)]):
        c.rect(510, 505, 440, 120, mix(OCHRE, CREAM, 0.8))
        for x in (590, 730, 870):
            c.line([(x, 500), (x, 535)], INK, 4)
            c.pie(x, 556, 26, 180, 360, BRICK)
        m.bust(c, 620, 700, 92, coat=TEAL, look=0)
        m.bust(c, 760, 700, 92, coat=BRICK, look=2)
        m.bust(c, 885, 700, 88, coat=INK, look=1)
        c.rect(510, 690, 440, 90, mix(BRICK, INK, 0.25))
        c.rect(510, 684, 440, 16, CREAM)
        c.rect(560, 652, 52, 34, INK, 4)
        c.rect(835, 652, 52, 34, INK, 4)
    for x in (510, 655, 802, 944):
        c.rect(x, 500, 7, 285, INK)
    c.rect(505, 500, 450, 8, INK)
    c.rect(975, 500, 160, 285, INK)
    c.rect(985, 510, 140, 275, mix(OCHRE, CREAM, 0.62))
    c.rect(1052, 510, 6, 275, INK)
    c.line([(820, 196), (820, 96)], INK, 9)
    c.circle(820, 92, 14, OCHRE)
    m.antenna_waves(c, 820, 92, 120, DEEP, 8)
    c.rect(0, 780, 1600, 220, "#d7cab2")
    c.rect(0, 780, 1600, 14, mix(DUNE, INK, 0.35))
    c.poly([(985, 794), (1125, 794), (1260, 1000), (930, 1000)], clear(OCHRE, 0.28))
    c.poly([(510, 794), (950, 794), (900, 890), (430, 890)], clear(OCHRE, 0.2))
    m.tree(c, 210, 840, 330, TEAL)
    m.lamp(c, 1340, 850, 430)
    for x, half in ((1020, 52), (1205, 60), (400, 60), (480, 40)):
        c.ellipse(x, 905, half, 11, clear(INK, 0.18))
    m.person(c, 1020, 905, 250, coat=CLAY, look=1, skirt=True, facing=-1, stride=0.05)
    m.person(c, 1205, 905, 270, coat=TEAL, look=3, facing=-1, stride=0.07)
    m.person(c, 395, 905, 266, coat=BRICK, look=2, facing=1, stride=0.06)
    m.person(c, 486, 905, 180, coat=OCHRE, look=0, facing=1, legs=DEEP, stride=0.05)


@scene("mission-organised-crime")
def mission_organised_crime(c: Canvas) -> None:
    """A file under a magnifying glass: behind plain lines, the links between shop fronts appear."""
    c.rect(0, 0, 1600, 1000, "#16434e")
    for index in range(9):
        c.circle(1150, 460, 900 - index * 90, clear("#2f6f78", 0.10))
    for angle, shift, shade in ((-0.06, 34, "#c8b993"), (0.035, 14, "#ddd0b0")):
        c.poly(sheet(310 + shift, 120 - shift / 2, 640, 800, angle), shade)
    c.poly(sheet(300, 110, 640, 800, -0.012), CREAM)
    c.rect(350, 170, 150, 26, BRICK, 4)
    c.rect(350, 216, 330, 16, MIST, 8)
    for row in range(15):
        width = 520 - 190 * noise(3, row) if row % 4 != 3 else 250
        c.rect(350, 280 + row * 38, width, 12, "#cdd8d2", 6)
    c.rect(350, 868, 190, 8, INK)
    c.ring(815, 826, 54, clear(BRICK, 0.85), 9)
    c.ring(815, 826, 38, clear(BRICK, 0.85), 4)
    gx, gy, radius = 985, 470, 300
    c.line([around(gx, gy, radius + 20, 45), around(gx, gy, radius + 300, 45)], INK, 70)
    c.line([around(gx, gy, radius + 40, 45), around(gx, gy, radius + 280, 45)], BRICK, 44)
    c.circle(gx + 10, gy + 14, radius + 26, clear("#000000", 0.22))
    c.circle(gx, gy, radius + 24, INK)
    c.circle(gx, gy, radius, "#dcebe8")
    lens = [around(gx, gy, radius, angle) for angle in range(0, 360, 3)]
    with c.inside(lens):
        c.rect(gx - radius, gy + 120, radius * 2, radius, "#c6dad7")
        points = {
            "a": (gx - 190, gy - 60),
            "b": (gx - 20, gy - 190),
            "d": (gx + 175, gy - 70),
            "e": (gx + 130, gy + 140),
            "f": (gx - 110, gy + 150),
            "g": (gx, gy),
        }
        for one, other in ("ag", "bg", "dg", "eg", "fg", "ab", "bd", "ef"):
            c.line(
                [points[one], points[other]],
                BRICK if "g" in (one, other) else clear(DEEP, 0.5),
                8 if "g" in (one, other) else 5,
            )
        for key in "abdef":
            x, y = points[key]
            c.circle(x, y, 64, "#f3efe2")
            c.ring(x, y, 64, DEEP, 6)
            c.rect(x - 34, y - 12, 68, 46, TEAL if key in "ae" else CLAY if key in "bf" else DEEP)
            m.awning(c, x - 40, y - 30, 78, 18, BRICK if key in "ad" else OCHRE)
            c.rect(x + 6, y + 4, 18, 30, INK)
            c.rect(x - 26, y + 4, 24, 18, mix(OCHRE, CREAM, 0.5))
        c.circle(gx, gy, 62, OCHRE)
        c.ring(gx, gy, 62, INK, 6)
        c.rect(gx - 22, gy - 4, 44, 36, INK, 6)
        c.arc(gx, gy - 6, 17, 180, 360, INK, 8)
        c.poly(
            [(gx - 330, gy - 120), (gx - 60, gy - 330), (gx + 40, gy - 330), (gx - 330, gy - 30)],
            clear("#ffffff", 0.22),
        )


@scene("mission-platforms")
def mission_platforms(c: Canvas) -> None:
    """A round table seen from above, with people and shared papers."""
    c.rect(0, 0, 1600, 1000, "#e9dfc9")
    for row in range(14):
        for column in range(-1, 12):
            shift = 75 if row % 2 else 0
            if (row + column) % 3 == 0:
                c.rect(column * 150 + shift, row * 75, 146, 71, "#e3d7bd")
    c.circle(800, 500, 440, "#d9ccae")
    c.circle(808, 512, 300, clear(INK, 0.18))
    c.circle(800, 500, 300, mix(CLAY, CREAM, 0.42))
    c.ring(800, 500, 296, mix(CLAY, CREAM, 0.2), 8)
    colours = (DEEP, BRICK, TEAL, CLAY, INK, OCHRE, MIST, BRICK, DEEP, TEAL)
    for index in range(10):
        angle = index * 36 - 90 + 18
        x, y = around(800, 500, 388, angle)
        coat = colours[index]
        turn = math.radians(angle + 90)
        shoulders = [
            (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn))
            for a, b in ((-84, -8), (-60, -36), (0, -46), (60, -36), (84, -8), (70, 26), (0, 34), (-70, 26))
        ]
        c.blob([(px + 8, py + 12) for px, py in shoulders], clear(INK, 0.16))
        c.blob(shoulders, coat)
        for side in (-1, 1):
            hx, hy = around(800, 500, 290, angle + side * 7.5)
            sx, sy = around(800, 500, 376, angle + side * 10.5)
            c.line([(sx, sy), (hx, hy)], mix(coat, INK, 0.18), 30)
            c.circle(hx, hy, 16, m.SKINS[(index * 3) % 4])
    for index in range(10):
        angle = index * 36 - 90 + 18
        x, y = around(800, 500, 384, angle)
        skin, hair = m.SKINS[(index * 3) % 4], m.HAIRS[(index * 5) % 4]
        c.circle(x, y, 41, hair)
        fx, fy = around(800, 500, 362, angle)
        c.pie(fx, fy, 22, angle + 90, angle + 270, skin)
        if index % 3 == 1:
            bx, by = around(800, 500, 424, angle)
            c.circle(bx, by, 18, hair)
        for side in (-1, 1):
            hx, hy = around(800, 500, 282, angle + side * 7.5)
            c.circle(hx, hy, 15, skin)
        if index % 2 == 0:
            px, py = around(800, 500, 232, angle)
            c.poly(sheet(px - 34, py - 44, 68, 88, math.radians(angle + 90)), CREAM)
            for line in (-22, -6, 10):
                one = _turned(px, py, -20, line, angle + 90)
                two = _turned(px, py, 18, line, angle + 90)
                c.line([one, two], MIST, 5)
        else:
            px, py = around(800, 500, 222, angle)
            c.circle(px, py, 24, CREAM)
            c.circle(px, py, 17, mix(BRICK, INK, 0.4))
    c.circle(800, 500, 142, CREAM)
    for index, (shade, size) in enumerate(((TEAL, 0.78), (OCHRE, 0.78), (BRICK, 0.78))):
        x, y = around(800, 500, 44, index * 120 - 90)
        c.circle(x, y, 78 * size, clear(shade, 0.82))
    c.circle(800, 500, 20, CREAM)


def _turned(cx: float, cy: float, a: float, b: float, angle: float) -> tuple[float, float]:
    turn = math.radians(angle)
    return cx + a * math.cos(turn) - b * math.sin(turn), cy + a * math.sin(turn) + b * math.cos(turn)

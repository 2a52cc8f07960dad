# ruff: noqa: PLR0917 - a picture is a list of strokes
"""The pictures of the realisations."""

from __future__ import annotations

from home.demo.drawing import motifs as m
from home.demo.drawing.canvas import Canvas, around, clear, mix, noise, smooth
from home.demo.drawing.motifs import BRICK, CLAY, CREAM, DEEP, DUNE, INK, MIST, OCHRE, PALE, SAND, SKY, TEAL
from home.demo.drawing.scenes.register import scene, seated_from_behind, sheet


@scene("realisation-metro")
def realisation_metro(c: Canvas) -> None:
    """A metro platform under a vault: a train at the far side, a joint team among the travellers."""
    c.rect(0, 0, 1600, 1000, "#1d4f5b")
    for index in range(9):
        radius = 1180 - index * 62
        c.circle(800, 1010, radius, mix("#1d4f5b", "#cfe0dc", index / 11))
    for index in range(-4, 5):
        x, y = around(800, 1010, 1010, index * 9.5 - 90)
        c.line([(x - 44, y + abs(index) * 3), (x + 44, y + abs(index) * 3)], mix(OCHRE, CREAM, 0.65), 12)
    c.rect(0, 360, 1600, 330, "#e9e3d2")
    for column in range(27):
        for row in range(5):
            if (column * 7 + row * 5) % 11 in {0, 4}:
                c.rect(column * 60, 360 + row * 60, 58, 58, (BRICK, OCHRE, MIST, TEAL)[(column + row) % 4])
            else:
                c.rect(column * 60, 360 + row * 60, 58, 58, "#f3eee0")
    c.rect(0, 640, 1600, 70, "#163b46")
    top = 420
    c.rect(-60, top, 1800, 262, "#dfe3dd", 26)
    c.rect(-60, top + 190, 1800, 30, OCHRE)
    c.rect(-60, top + 6, 1800, 14, mix("#dfe3dd", INK, 0.3), 6)
    for index in range(9):
        x = 10 + index * 196
        c.rect(x, top + 44, 108, 108, mix(DEEP, MIST, 0.2), 12)
        c.rect(x + 122, top + 36, 56, 212, mix(DEEP, MIST, 0.35), 6)
        c.rect(x + 149, top + 36, 3, 212, "#dfe3dd")
        m.bust(c, x + 36, top + 152, 40, coat=(BRICK, TEAL, CLAY)[index % 3], look=index)
        if index % 2 == 0:
            m.bust(c, x + 80, top + 152, 38, coat=(OCHRE, DEEP, MIST)[index % 3], look=index + 1)
    c.rect(975, top + 4, 14, 256, mix(INK, MIST, 0.3))
    c.rect(0, 700, 1600, 300, "#b9b3a2")
    c.rect(0, 700, 1600, 10, INK)
    c.rect(0, 716, 1600, 16, OCHRE)
    for index in range(40):
        c.rect(index * 40 + 6, 740, 26, 10, clear(CREAM, 0.55), 5)
    for index in range(12):
        c.line([(index * 170 - 150, 760), (index * 230 - 480, 1000)], clear(INK, 0.08), 4)
    people = (
        (190, 930, 330, BRICK, 1, False, 1), (430, 948, 350, DEEP, 0, True, 1),
        (540, 948, 336, TEAL, 2, True, -1),
        (910, 940, 330, CLAY, 3, False, -1), (1180, 952, 346, INK, 0, True, -1),
        (1400, 936, 320, MIST, 2, False, -1),
    )  # fmt: skip
    for x, base, height, coat, look, vest, facing in people:
        c.ellipse(x, base, 66, 12, clear(INK, 0.2))
        m.person(
            c, x, base, height, coat=coat, look=look, vest=vest, facing=facing, stride=0.0 if vest else 0.04
        )
    c.rect(208, 812, 42, 70, OCHRE, 8)
    c.arc(229, 812, 14, 180, 360, INK, 5)


@scene("realisation-night-tram")
def realisation_night_tram(c: Canvas) -> None:
    """A lit tram under the moon, past dark houses with a few lit windows."""
    c.gradient(0, 720, "#0a2731", "#2a6470")
    for index in range(70):
        c.circle(
            1600 * noise(31, index), 420 * noise(32, index), 1.2 + 2.2 * noise(33, index), clear(CREAM, 0.7)
        )
    c.circle(620, 160, 126, clear(CREAM, 0.07))
    c.circle(620, 160, 82, "#f4e7c4")
    for mx, my, radius in ((594, 140, 17), (646, 176, 22), (612, 196, 10)):
        c.circle(mx, my, radius, "#e8d8b0")
    m.skyline(c, 0, 1600, 700, 330, "#17424e", 41)
    m.row_of_houses(c, -20, 1640, 720, 0.98, 9, night=True)
    c.rect(0, 718, 1600, 282, "#10323d")
    c.rect(0, 718, 1600, 8, "#0a2731")
    c.rect(0, 834, 1600, 7, mix(MIST, INK, 0.5))
    c.rect(0, 872, 1600, 7, mix(MIST, INK, 0.5))
    for x in (150, 1480):
        m.lamp(c, x, 780, 420, INK, lit=True)
    m.tram(c, 250, 850, 1110, night=True)
    for index in range(10):
        c.rect(286 + index * 108, 884, 70, 8, clear(OCHRE, 0.3), 4)
        c.rect(300 + index * 108, 904, 52, 6, clear(OCHRE, 0.18), 3)
    c.poly([(1378, 800), (1600, 770), (1600, 890), (1378, 830)], clear(OCHRE, 0.25))
    c.rect(0, 930, 1600, 70, "#1b4551")
    c.rect(0, 926, 1600, 8, mix(DUNE, INK, 0.55))
    m.person(c, 470, 978, 250, coat=BRICK, look=2, facing=1, arm=(8, 16))
    m.person(c, 560, 978, 262, coat=TEAL, look=0, vest=True, facing=-1, arm=(10, 10))
    m.person(c, 1080, 978, 256, coat=CLAY, look=3, facing=-1, stride=0.06)


@scene("realisation-canal-bikes")
def realisation_canal_bikes(c: Canvas) -> None:
    """Two officers on bicycles along the canal, poplars and a barge behind them."""
    c.gradient(0, 520, "#d3e6e4", "#f5ead4")
    c.circle(340, 300, 120, OCHRE)
    c.circle(340, 300, 165, clear(OCHRE, 0.16))
    m.cloud(c, 900, 170, 330, "#f1f5ef")
    m.skyline(c, 0, 1600, 560, 170, "#b7cfcc", 51)
    m.basilica(c, 1290, 560, 270, "#a9c4c3", "#86abab")
    c.rect(1120, 330, 90, 230, BRICK)
    c.poly([(1150, 330), (1160, 190), (1182, 190), (1192, 330)], mix(BRICK, INK, 0.15))
    c.rect(520, 420, 420, 140, mix(BRICK, CLAY, 0.4))
    for index in range(5):
        c.poly(
            [(520 + index * 84, 420), (520 + index * 84, 372), (604 + index * 84, 420)], mix(BRICK, INK, 0.18)
        )
        c.rect(540 + index * 84, 455, 44, 60, mix(PALE, MIST, 0.4), 4)
    c.rect(0, 556, 1600, 34, mix(TEAL, SKY, 0.25))
    for index in range(13):
        m.tree(c, 60 + index * 128, 574, 200 - 26 * (index % 2), mix(TEAL, SKY, 0.18), tall=True)
    c.rect(0, 582, 1600, 30, "#c7b58f")
    c.gradient(610, 760, "#77a9ab", "#3f7d85")
    m.ripples(c, 0, 1600, 620, 750, clear(CREAM, 0.4), 13, 30)
    m.barge(c, 640, 706, 540, DEEP)
    c.rect(0, 752, 1600, 26, mix(DUNE, INK, 0.35))
    c.rect(0, 766, 1600, 234, "#dcccab")
    c.rect(0, 800, 1600, 120, "#b65f49")
    c.dashes([(0, 860), (1600, 860)], CREAM, 6, 60, 50)
    for x in range(90, 1600, 240):
        c.rect(x, 716, 12, 60, INK)
        c.circle(x + 6, 716, 11, INK)
    for x in (380, 860):
        c.ellipse(x + 90, 908, 190, 14, clear(INK, 0.18))
    m.rider(c, 370, 905, 210, coat=DEEP, bike=CREAM, look=1, vest=True)
    m.rider(c, 850, 905, 210, coat=DEEP, bike=CREAM, look=2, vest=True)
    m.person(c, 1330, 846, 300, coat=TEAL, look=2, facing=-1, stride=0.05, arm=(52, 10))
    m.tree(c, 120, 815, 560, DEEP, tall=True)
    m.tree(c, 1540, 815, 620, TEAL, tall=True)


@scene("realisation-cameras")
def realisation_cameras(c: Canvas) -> None:
    """A camera mast over a square, its views joined on one shared screen."""
    c.rect(0, 0, 1600, 1000, "#e9e3d2")
    c.circle(430, 420, 520, "#f1ebdc")
    m.row_of_houses(c, -60, 700, 800, 0.7, 61)
    c.rect(0, 300, 900, 500, clear("#efe9da", 0.62))
    c.rect(0, 796, 1600, 204, "#cfc3a6")
    c.poly([(390, 232), (60, 860), (640, 860)], clear(OCHRE, 0.22))
    c.ellipse(350, 860, 290, 30, clear(OCHRE, 0.28))
    m.camera_mast(c, 470, 850, 680)
    m.tree(c, 90, 830, 300, TEAL)
    m.person(c, 250, 872, 190, coat=BRICK, look=1, facing=1, stride=0.05)
    m.person(c, 345, 872, 196, coat=TEAL, look=0, facing=-1, stride=0.05)
    m.person(c, 590, 872, 190, coat=CLAY, look=2, facing=1, stride=0.05, skirt=True)
    x0, y0 = 800, 190
    c.rect(x0 + 12, y0 + 18, 680, 470, clear(INK, 0.16), 26)
    c.rect(x0, y0, 680, 470, INK, 26)
    c.rect(x0 + 300, y0 + 470, 80, 90, DEEP)
    c.rect(x0 + 190, y0 + 548, 300, 22, INK, 11)
    tiles = [(column, row) for row in range(2) for column in range(3)]
    skies = ("#cfe2e0", "#f2e4c8", "#b9d3d3", "#f0dcc0", "#d5e5e2", "#c3dad8")
    for index, (column, row) in enumerate(tiles):
        tx, ty = x0 + 24 + column * 214, y0 + 24 + row * 214
        with c.inside([(tx, ty), (tx + 204, ty), (tx + 204, ty + 204), (tx, ty + 204)]):
            c.rect(tx, ty, 204, 204, skies[index])
            if index in {0, 4}:
                m.row_of_houses(c, tx - 10, tx + 214, ty + 150, 0.34, 3 + index)
            elif index == 1:
                m.town_hall(c, tx + 102, ty + 150, 140, MIST, PALE)
            elif index == 2:
                m.tram(c, tx + 20, ty + 152, 240, wire=False)
            elif index == 3:
                m.tree(c, tx + 60, ty + 152, 110, TEAL)
                m.tree(c, tx + 150, ty + 152, 90, DEEP)
            else:
                m.tower(c, tx + 40, ty + 150, 50, 110, DEEP, PALE, 3)
                m.tower(c, tx + 110, ty + 150, 60, 80, TEAL, PALE, 5)
            c.rect(tx, ty + 150, 204, 54, mix(DUNE, SAND, 0.4))
            m.person(
                c,
                tx + 70 + index * 12,
                ty + 188,
                58,
                coat=(BRICK, TEAL, DEEP)[index % 3],
                look=index,
                stride=0.05,
            )
        c.circle(tx + 182, ty + 22, 9, OCHRE if index % 2 else BRICK)
    c.dashes([(662, 206), (730, 236), (790, 290)], DEEP, 7, 18, 16)
    for index, (coat, look) in enumerate(((DEEP, 0), (BRICK, 2), (TEAL, 3))):
        m.bust(c, 930 + index * 210, 1004, 150, coat=coat, look=look)


@scene("realisation-tablets")
def realisation_tablets(c: Canvas) -> None:
    """A tablet in two hands, its map open on a neighbourhood."""
    c.rect(0, 0, 1600, 1000, "#c7dcda")
    c.circle(800, 500, 560, "#d6e6e2")
    c.circle(800, 500, 400, "#e4eeea")
    m.row_of_houses(c, -20, 1640, 1000, 1.0, 14)
    c.rect(0, 0, 1600, 1000, clear("#cfe1de", 0.72))
    c.rect(344, 168, 944, 664, clear(INK, 0.2), 52)
    c.rect(328, 150, 944, 664, INK, 52)
    sx, sy, sw, sh = 368, 190, 864, 584
    screen = [(sx, sy), (sx + sw, sy), (sx + sw, sy + sh), (sx, sy + sh)]
    with c.inside(screen):
        c.rect(sx, sy, sw, sh, "#efe9da")
        blocks = (
            (380, 210, 150, 110), (560, 200, 190, 130), (780, 205, 130, 120), (940, 200, 280, 90),
            (380, 350, 120, 180),
            (530, 370, 180, 130), (760, 350, 190, 110), (990, 330, 220, 150), (380, 570, 240, 180),
            (660, 540, 150, 110),
            (660, 680, 170, 90), (860, 500, 130, 130), (1030, 520, 190, 110), (880, 670, 330, 100),
        )  # fmt: skip
        for index, (bx, by, bw, bh) in enumerate(blocks):
            c.rect(bx, by, bw, bh, ("#e0d5bd", "#d9ccb0", "#e5dcc8")[index % 3], 10)
        c.rect(990, 330, 220, 150, "#b5cfb9", 14)
        for tx, ty in ((1030, 380), (1090, 430), (1160, 370), (1130, 440), (1060, 445)):
            c.circle(tx, ty, 20, mix(TEAL, SKY, 0.3))
        c.line(
            smooth([(360, 800), (520, 560), (740, 490), (860, 300), (1010, 180)], closed=False), "#a9cccf", 42
        )
        c.line([(420, 340), (545, 345), (640, 520), (830, 660), (1015, 650), (1010, 500)], OCHRE, 12)
        for px, py, colour in ((545, 345, BRICK), (830, 660, TEAL), (1010, 500, DEEP)):
            c.ellipse(px + 5, py + 4, 22, 8, clear(INK, 0.25))
            c.poly([(px - 28, py - 56), (px + 28, py - 56), (px, py)], colour)
            c.circle(px, py - 70, 36, colour)
            c.circle(px, py - 70, 15, CREAM)
        c.circle(420, 340, 20, CREAM)
        c.circle(420, 340, 13, OCHRE)
        c.rect(392, 612, 236, 140, clear(INK, 0.14), 18)
        c.rect(388, 606, 236, 140, CREAM, 18)
        c.circle(434, 652, 24, MIST)
        c.rect(472, 636, 120, 12, DEEP, 6)
        c.rect(472, 660, 84, 10, MIST, 5)
        c.rect(410, 696, 90, 30, TEAL, 15)
        c.rect(512, 696, 90, 30, "#d8e3df", 15)
    c.circle(1252, 482, 8, MIST)
    for side, x in ((-1, 328), (1, 1272)):
        skin = m.SKINS[1]
        sleeve = DEEP
        c.poly(
            [(x + side * 10, 640), (x + side * 100, 600), (x + side * 240, 1000), (x + side * 20, 1000)],
            sleeve,
        )
        c.rect(x - 66 if side < 0 else x - 46, 440, 112, 250, skin, 56)
        c.line([(x + side * 10, 640), (x - side * 62, 520)], skin, 58)
        c.line([(x + side * 14, 636), (x - side * 56, 516)], mix(skin, CREAM, 0.12), 34)
        c.poly(
            [(x + side * -40, 690), (x + side * 74, 640), (x + side * 96, 690), (x + side * -22, 742)], CREAM
        )


@scene("realisation-lisa-station")
def realisation_lisa_station(c: Canvas) -> None:
    """A station district at dusk: clock tower, glass canopy, the antenna's lit front in the corner."""
    c.gradient(0, 720, "#e8b884", "#f6e6c8")
    c.circle(420, 560, 250, clear(OCHRE, 0.35))
    c.circle(420, 560, 180, OCHRE)
    m.skyline(c, 0, 1600, 740, 250, "#d7a982", 71)
    m.tower(c, 1010, 740, 120, 520, mix(BRICK, INK, 0.25), "#f3d69b", 12)
    m.tower(c, 1150, 740, 150, 610, mix(DEEP, BRICK, 0.2), "#f3d69b", 19)
    m.tower(c, 1330, 740, 110, 430, mix(BRICK, INK, 0.4), "#f3d69b", 26)
    c.rect(620, 250, 130, 490, CLAY)
    c.rect(606, 236, 158, 22, mix(CLAY, INK, 0.3))
    c.poly([(620, 236), (685, 130), (750, 236)], mix(INK, MIST, 0.2))
    c.circle(685, 338, 48, CREAM)
    c.ring(685, 338, 48, INK, 7)
    c.line([(685, 338), (685, 306)], INK, 6)
    c.line([(685, 338), (708, 350)], INK, 6)
    for row in range(4):
        for side in (-34, 12):
            c.rect(685 + side, 420 + row * 76, 24, 50, mix(INK, CLAY, 0.35), 12)
    c.rect(60, 520, 560, 220, mix(CLAY, CREAM, 0.25))
    for index in range(5):
        ax = 116 + index * 112
        c.rect(ax - 38, 620, 76, 120, mix(INK, BRICK, 0.3))
        c.pie(ax, 622, 38, 180, 360, mix(INK, BRICK, 0.3))
        c.rect(ax - 30, 640, 60, 100, mix(OCHRE, CREAM, 0.45))
    c.rect(40, 500, 600, 26, mix(CLAY, INK, 0.3))
    c.rect(0, 736, 1600, 264, "#8d6a5c")
    c.rect(0, 736, 1600, 10, INK)
    for index in range(10):
        c.line([(index * 200 - 60, 746), (index * 290 - 480, 1000)], clear(INK, 0.12), 5)
    c.rect(0, 836, 1600, 8, mix(MIST, INK, 0.35))
    c.rect(0, 878, 1600, 8, mix(MIST, INK, 0.35))
    c.rect(860, 380, 330, 360, INK)
    c.rect(840, 366, 370, 22, DEEP)
    c.rect(860, 420, 330, 58, OCHRE)
    c.circle(904, 449, 18, CREAM)
    c.circle(904, 449, 8, INK)
    c.rect(936, 442, 90, 15, CREAM, 7)
    c.rect(1040, 442, 60, 15, CREAM, 7)
    c.rect(882, 500, 200, 240, mix(OCHRE, CREAM, 0.6))
    c.rect(1104, 500, 66, 240, mix(OCHRE, CREAM, 0.5))
    m.bust(c, 938, 664, 70, coat=TEAL, look=1)
    m.bust(c, 1026, 664, 70, coat=BRICK, look=0)
    c.rect(882, 658, 200, 82, mix(BRICK, INK, 0.35))
    c.rect(978, 500, 6, 240, INK)
    c.line([(1024, 366), (1024, 290)], INK, 8)
    c.circle(1024, 286, 12, CREAM)
    m.antenna_waves(c, 1024, 286, 84, CREAM, 7)
    c.poly([(1104, 746), (1170, 746), (1230, 900), (1060, 900)], clear(OCHRE, 0.35))
    for x, base, height, coat, look, facing in (
        (250, 950, 270, DEEP, 0, 1), (345, 950, 260, INK, 2, 1), (740, 940, 262, TEAL, 3, 1),
        (1270, 948, 276, BRICK, 1, -1),
        (1440, 956, 280, DEEP, 2, -1),
    ):  # fmt: skip
        c.ellipse(x, base, 54, 10, clear(INK, 0.3))
        m.person(c, x, base, height, coat=coat, look=look, facing=facing, stride=0.06)
    c.rect(1298, 872, 44, 66, OCHRE, 8)


@scene("realisation-lisa-van")
def realisation_lisa_van(c: Canvas) -> None:
    """A mobile antenna on a market square: a van with an open side, stalls and trees."""
    c.gradient(0, 700, "#c6dfe0", "#eef1e2")
    m.cloud(c, 200, 200, 320, "#f5f8f3")
    m.cloud(c, 1120, 150, 380, "#f5f8f3")
    m.skyline(c, 0, 1600, 700, 180, "#b2cdcb", 81)
    m.row_of_houses(c, -30, 520, 720, 0.92, 18)
    m.row_of_houses(c, 1160, 1640, 720, 0.92, 23)
    for x, height in ((560, 360), (1120, 340)):
        m.tree(c, x, 730, height, TEAL)
    m.tree(c, 690, 720, 280, DEEP)
    m.tree(c, 1000, 720, 300, mix(TEAL, SKY, 0.15))
    c.rect(0, 716, 1600, 284, "#ddd0b4")
    for row in range(7):
        for column in range(22):
            if (row * 3 + column * 5) % 4 == 0:
                c.rect(column * 80 - (row % 2) * 40, 726 + row * 40, 76, 36, "#d3c5a6", 4)
    for x, stripe in ((70, BRICK), (1290, TEAL)):
        c.rect(x + 14, 560, 8, 240, INK)
        c.rect(x + 228, 560, 8, 240, INK)
        c.rect(x, 690, 250, 110, mix(BRICK, DUNE, 0.45))
        c.rect(x - 6, 684, 262, 14, mix(BRICK, INK, 0.25))
        for fruit in range(9):
            c.circle(x + 24 + fruit * 25, 676, 15, (OCHRE, BRICK, mix(TEAL, SKY, 0.2))[fruit % 3])
        m.awning(c, x - 14, 540, 278, 66, stripe)
    c.ellipse(800, 858, 400, 20, clear(INK, 0.2))
    c.rect(430, 420, 640, 400, CREAM, 34)
    c.poly([(1040, 430), (1110, 440), (1200, 600), (1240, 650), (1240, 820), (1040, 820)], CREAM)
    c.poly([(1072, 470), (1108, 478), (1176, 606), (1072, 606)], mix(DEEP, MIST, 0.25))
    c.rect(430, 640, 810, 60, OCHRE)
    c.rect(430, 790, 810, 36, INK, 8)
    c.rect(1194, 660, 52, 30, mix(OCHRE, CREAM, 0.6), 10)
    c.rect(480, 490, 420, 150, INK, 6)
    c.rect(490, 498, 400, 142, mix(OCHRE, CREAM, 0.62))
    m.bust(c, 580, 636, 84, coat=TEAL, look=0)
    m.bust(c, 720, 636, 84, coat=DEEP, look=2)
    c.rect(820, 540, 50, 96, MIST, 4)
    c.rect(464, 630, 452, 18, mix(BRICK, INK, 0.3), 4)
    c.poly([(470, 490), (910, 490), (950, 400), (430, 400)], BRICK)
    c.poly([(470, 490), (910, 490), (914, 480), (466, 480)], mix(BRICK, INK, 0.35))
    c.circle(990, 560, 40, DEEP)
    c.ring(990, 560, 24, CREAM, 8)
    c.circle(990, 560, 9, CREAM)
    c.line([(560, 400), (560, 330)], INK, 7)
    c.circle(560, 326, 11, OCHRE)
    m.antenna_waves(c, 560, 326, 72, DEEP, 6)
    for wx in (590, 1100):
        c.circle(wx, 822, 62, INK)
        c.circle(wx, 822, 30, MIST)
        c.circle(wx, 822, 10, INK)
    for x, height, coat, look, facing, skirt in (
        (400, 250, BRICK, 1, 1, True), (620, 262, CLAY, 2, 1, False), (720, 254, TEAL, 3, -1, False),
        (980, 256, DEEP, 0, -1, False),
    ):  # fmt: skip
        c.ellipse(x, 930, 52, 10, clear(INK, 0.18))
        m.person(c, x, 930, height, coat=coat, look=look, facing=facing, skirt=skirt, vest=coat == DEEP)
    m.person(c, 470, 930, 165, coat=OCHRE, look=0, facing=1)


@scene("realisation-shop-checks")
def realisation_shop_checks(c: Canvas) -> None:
    """A shopping street in the evening; a mixed team of inspectors with a file at one door."""
    c.gradient(0, 700, "#1c4d59", "#d9b48b")
    m.skyline(c, 0, 1600, 560, 330, mix("#1c4d59", "#d9b48b", 0.25), 91)
    walls = (BRICK, mix(SAND, CLAY, 0.3), DEEP, CLAY, mix(DUNE, BRICK, 0.15), mix(BRICK, INK, 0.3), MIST)
    shades = (OCHRE, TEAL, BRICK, DEEP, BRICK, OCHRE, TEAL)
    gables = ("mansard", "step", "cornice", "neck", "mansard", "cornice", "step")
    x = -50.0
    for index in range(7):
        width = 236 + 18 * noise(7, index)
        m.house(
            c, x, 770, width, 560 + 70 * noise(8, index), mix(walls[index], INK, 0.3), gable=gables[index],
            window=mix(DEEP, MIST, 0.35), lit=tuple(n for n in range(9) if noise(44, index * 9 + n) > 0.7),
            shop=shades[index],
        )  # fmt: skip
        x += width
    c.rect(0, 768, 1600, 232, "#4b5a5d")
    c.rect(0, 768, 1600, 100, "#8f8877")
    c.rect(0, 862, 1600, 12, mix(DUNE, INK, 0.2))
    for index in range(7):
        c.poly(
            [
                (40 + index * 240, 770),
                (180 + index * 240, 770),
                (150 + index * 240, 850),
                (0 + index * 240, 850),
            ],
            clear(OCHRE, 0.2),
        )
    m.lamp(c, 380, 850, 480, INK, lit=True)
    m.lamp(c, 1250, 850, 480, INK, lit=True)
    for x, coat, look, vest, facing, arm in (
        (640, DEEP, 0, True, 1, (8, 30)), (740, BRICK, 1, False, 1, (10, 46)),
        (930, CREAM, 2, False, -1, (28, 8)),
        (1040, INK, 3, True, -1, (40, 8)),
    ):  # fmt: skip
        c.ellipse(x, 912, 62, 12, clear(INK, 0.3))
        m.person(c, x, 912, 322, coat=coat, look=look, vest=vest, facing=facing, arm=arm)
    c.poly(sheet(763, 663, 66, 86, 0.16), CREAM)
    for row in range(4):
        c.line([(776, 684 + row * 15), (816, 690 + row * 15)], MIST, 5)
    c.rect(1004, 716, 56, 72, mix(BRICK, INK, 0.3), 5)


@scene("realisation-support-desk")
def realisation_support_desk(c: Canvas) -> None:
    """A desk with files, a lamp and a stamp; behind it the wall of drawers of nineteen municipalities."""
    c.rect(0, 0, 1600, 1000, "#d9cbb0")
    c.rect(0, 0, 1600, 700, mix(MIST, PALE, 0.45))
    for row in range(4):
        for column in range(8):
            x, y = 96 + column * 178, 60 + row * 150
            opened = (row * 8 + column) in {10, 21}
            c.rect(x, y, 164, 136, mix(MIST, TEAL, 0.3), 8)
            c.rect(x + 8, y + 8, 148, 120, mix(MIST, PALE, 0.12 if not opened else 0.4), 6)
            c.rect(x + 42, y + 30, 80, 34, CREAM, 4)
            c.rect(x + 54, y + 43, 56, 8, MIST, 4)
            c.rect(x + 60, y + 88, 44, 12, INK, 6)
            if opened:
                for card in range(3):
                    c.rect(x + 20 + card * 42, y - 26 - card % 2 * 10, 36, 50, (CREAM, PALE, SAND)[card], 4)
    c.circle(560, 400, 360, clear(OCHRE, 0.13))
    c.circle(560, 430, 240, clear(OCHRE, 0.15))
    c.rect(0, 700, 1600, 300, mix(CLAY, BRICK, 0.35))
    c.rect(0, 690, 1600, 26, mix(BRICK, INK, 0.3))
    c.rect(330, 672, 170, 20, INK, 10)
    c.line([(415, 680), (330, 500), (500, 340)], INK, 13)
    c.circle(330, 500, 16, OCHRE)
    c.poly([(462, 352), (512, 292), (660, 400), (560, 480)], TEAL)
    c.ellipse(612, 440, 66, 26, mix(OCHRE, CREAM, 0.6))
    c.poly([(560, 476), (656, 404), (960, 690), (500, 690)], clear(OCHRE, 0.22))
    y = 690
    for index, (width, colour) in enumerate(
        ((360, TEAL), (340, CREAM), (352, BRICK), (330, SAND), (346, DEEP), (322, OCHRE))
    ):
        y -= 34
        left = 640 + 14 * noise(5, index)
        c.rect(left, y, width, 31, colour, 5)
        c.rect(left + 8, y + 20, width - 12, 8, mix(colour, CREAM, 0.6), 3)
        c.rect(left + width - 74, y + 8, 40, 13, clear(CREAM, 0.85), 4)
    m.bust(c, 1240, 694, 250, coat=DEEP, look=1)
    c.line([(1140, 640), (1080, 700), (1180, 722)], mix(DEEP, INK, 0.3), 62)
    c.line([(1346, 640), (1400, 700), (1300, 724)], mix(DEEP, INK, 0.3), 62)
    c.circle(1170, 720, 30, m.SKINS[1])
    c.circle(1310, 722, 30, m.SKINS[1])
    c.poly(sheet(1090, 722, 300, 130, 0.0), CREAM)
    for row in range(5):
        c.line([(1116, 740 + row * 20), (1116 + 230 - 60 * (row % 2), 740 + row * 20)], MIST, 6)
    c.rect(150, 640, 90, 50, BRICK, 8)
    c.rect(176, 560, 38, 84, mix(BRICK, INK, 0.3), 12)
    c.circle(195, 556, 34, mix(BRICK, INK, 0.45))
    c.poly(sheet(210, 765, 240, 170, -0.12), CREAM)
    c.ring(370, 866, 44, clear(BRICK, 0.9), 8)
    c.ring(370, 866, 29, clear(BRICK, 0.9), 4)
    for row in range(4):
        c.line([(232, 806 + row * 22 - row), (310, 798 + row * 22 - row)], MIST, 6)


@scene("realisation-dialogue")
def realisation_dialogue(c: Canvas) -> None:
    """A circle of pupils with two facilitators; their speech bubbles overlap in the middle."""
    c.rect(0, 0, 1600, 1000, "#e6d9c0")
    c.rect(0, 0, 1600, 690, "#d5e4e1")
    c.rect(170, 90, 620, 330, mix(CLAY, INK, 0.3), 10)
    c.rect(186, 106, 588, 298, DEEP, 6)
    for px, py, qx, qy in (
        (300, 200, 460, 160),
        (460, 160, 620, 230),
        (620, 230, 520, 330),
        (520, 330, 340, 310),
        (340, 310, 300, 200),
        (460, 160, 520, 330),
    ):
        c.line([(px, py), (qx, qy)], clear(CREAM, 0.55), 5)
    for px, py, colour in (
        (300, 200, OCHRE),
        (460, 160, CREAM),
        (620, 230, CLAY),
        (520, 330, OCHRE),
        (340, 310, CREAM),
    ):
        c.circle(px, py, 22, colour)
    for x in (910, 1220):
        c.rect(x, 80, 250, 360, CREAM, 8)
        c.rect(x + 14, 94, 106, 332, "#b8d5d6")
        c.rect(x + 130, 94, 106, 332, "#b8d5d6")
        with c.inside([(x + 14, 94), (x + 236, 94), (x + 236, 426), (x + 14, 426)]):
            m.tree(c, x + 90, 440, 230, mix(TEAL, SKY, 0.2))
            m.tree(c, x + 190, 440, 180, mix(TEAL, SKY, 0.35))
        c.rect(x + 120, 84, 10, 350, CREAM)
    c.rect(0, 676, 1600, 16, mix(CLAY, CREAM, 0.4))
    c.ellipse(800, 850, 640, 130, "#d8c7a5")
    c.ellipse(800, 850, 520, 96, "#e6d9c0")
    m.speech(c, 520, 440, 260, 150, clear(TEAL, 0.92), tail=-1)
    m.speech(c, 780, 420, 300, 160, clear(BRICK, 0.92), tail=1)
    m.speech(c, 690, 520, 210, 110, clear(OCHRE, 0.95), tail=-1)
    for index in range(3):
        c.circle(745 + index * 50, 576, 12, CREAM)
        c.rect(566, 478 + index * 32, (150, 120, 90)[index], 12, clear(CREAM, 0.8), 6)
        c.rect(910, 462 + index * 32, (120, 130, 90)[index], 12, clear(CREAM, 0.8), 6)
    back = (
        (330, 806, DEEP, 1, 1),
        (520, 772, CLAY, 2, 1),
        (690, 760, MIST, 0, 1),
        (880, 758, BRICK, 3, -1),
        (1060, 770, TEAL, 2, -1),
        (1250, 802, OCHRE, 1, -1),
    )
    for x, base, coat, look, _ in back:
        _seated(c, x, base, 250, coat, look)
    front = ((400, 952, BRICK, 0), (640, 985, TEAL, 3), (930, 985, CLAY, 1), (1190, 955, DEEP, 2))
    for x, base, coat, look in front:
        seated_from_behind(c, x, base, 270, coat, look)
    m.person(c, 150, 900, 400, coat=DEEP, look=2, facing=1, arm=(10, 44), skirt=True)
    m.person(c, 1450, 900, 410, coat=BRICK, look=0, facing=-1, arm=(40, 10))


def _seated(c: Canvas, x: float, base: float, size: float, coat: str, look: int) -> None:
    """A person on a chair, seen from the front."""
    s = size
    c.rect(x - s * 0.2, base - s * 0.62, s * 0.4, s * 0.4, mix(CLAY, INK, 0.35), s * 0.05)
    for side in (-1, 1):
        c.rect(x + side * s * 0.1 - s * 0.06, base - s * 0.3, s * 0.12, s * 0.3, INK, s * 0.04)
        c.rect(
            x + side * s * 0.11 - s * 0.075,
            base - s * 0.05,
            s * 0.15,
            s * 0.055,
            mix(INK, BRICK, 0.3),
            s * 0.027,
        )
    c.rect(x - s * 0.18, base - s * 0.36, s * 0.36, s * 0.14, mix(INK, TEAL, 0.25), s * 0.06)
    m.bust(c, x, base - s * 0.3, s * 0.4, coat=coat, look=look)


@scene("realisation-parks")
def realisation_parks(c: Canvas) -> None:
    """A park towards evening: paths, a pond, stewards walking with residents."""
    c.gradient(0, 560, "#f3ddb3", "#f7efdc")
    m.sun(c, 1180, 330, 110)
    m.skyline(c, 0, 1600, 540, 150, "#e3d1ad", 101)
    m.atomium(c, 430, 540, 330, "#cdb88f", "#f6ecd6")
    for index in range(15):
        m.tree(
            c,
            index * 120 - 20,
            590,
            190 + 70 * noise(77, index),
            mix(TEAL, DUNE, 0.45 + 0.25 * noise(78, index)),
        )
    c.rect(0, 560, 1600, 440, "#a9c2a4")
    c.blob(
        [(-200, 640), (300, 580), (800, 620), (1300, 575), (1850, 640), (1850, 1100), (-200, 1100)], "#93b393"
    )
    c.blob([(1010, 690), (1180, 650), (1420, 660), (1530, 710), (1400, 770), (1160, 775)], "#cfe2df")
    c.blob([(1040, 700), (1190, 668), (1400, 678), (1490, 712), (1390, 752), (1170, 758)], "#9cc3c5")
    m.ripples(c, 1090, 1440, 690, 745, clear(CREAM, 0.6), 4, 9)
    path = smooth([(-80, 1010), (240, 880), (560, 850), (800, 760), (900, 660), (880, 600)], closed=False)
    for index, (px, py) in enumerate(path[:-1]):
        width = 150 * max(0.12, (py - 585) / 420)
        c.line([(px, py), path[index + 1]], "#ecdfc3", width)
    c.poly(
        [(-80, 920), (300, 830), (700, 840), (1000, 880), (1260, 960), (1330, 1000), (-80, 1000)], "#ecdfc3"
    )
    c.ellipse(520, 905, 560, 110, "#ecdfc3")
    m.tree(c, 130, 830, 560, TEAL)
    m.tree(c, 1480, 900, 640, DEEP)
    m.tree(c, 1020, 690, 240, mix(TEAL, SKY, 0.1))
    m.lamp(c, 760, 860, 380, INK, lit=False)
    m.bench(c, 800, 880, 220)
    for x, base, height, coat, look, vest, facing in (
        (350, 930, 300, DEEP, 0, True, 1), (455, 930, 288, BRICK, 2, False, -1),
        (615, 940, 304, TEAL, 1, True, 1),
    ):  # fmt: skip
        c.ellipse(x, base, 62, 12, clear(INK, 0.18))
        m.person(c, x, base, height, coat=coat, look=look, vest=vest, facing=facing, stride=0.045)
    c.ellipse(1190, 925, 150, 14, clear(INK, 0.16))
    m.person(c, 1130, 925, 200, coat=OCHRE, look=1, facing=1, stride=0.07, arm=(40, 60))
    m.person(c, 1270, 925, 190, coat=CLAY, look=3, facing=-1, stride=0.07, arm=(60, 30))
    c.circle(1204, 905, 24, CREAM)
    c.ring(1204, 905, 23, INK, 3)
    c.line([(1190, 890), (1218, 920)], INK, 3)


@scene("realisation-flood-exercise")
def realisation_flood_exercise(c: Canvas) -> None:
    """A flood exercise: a rescue truck, sandbags, a command tent, water up to the kerb."""
    c.gradient(0, 640, "#93b3b8", "#dfe8e2")
    for x, y, width in ((60, 200, 480), (620, 130, 420), (1150, 220, 460)):
        m.cloud(c, x, y, width, "#7d9fa6")
    for index in range(70):
        px, py = 1600 * noise(61, index), 560 * noise(62, index)
        c.line([(px, py), (px - 12, py + 40)], clear(CREAM, 0.38), 3)
    m.row_of_houses(c, -40, 1640, 690, 0.86, 27)
    c.rect(0, 0, 1600, 690, clear("#a9c2c4", 0.28))
    c.rect(0, 686, 1600, 314, "#5d8f96")
    c.gradient(686, 1000, "#7aa9ad", "#2f6f78")
    for index in range(8):
        c.rect(40 + index * 210, 700 + 8 * (index % 2), 120, 8, clear(CREAM, 0.3), 4)
    c.blob(
        [(-60, 860), (260, 800), (820, 790), (1240, 820), (1700, 800), (1700, 1080), (-60, 1080)], "#b9b29f"
    )
    c.blob(
        [(-60, 890), (260, 836), (820, 826), (1240, 856), (1700, 836), (1700, 1080), (-60, 1080)], "#cfc6b0"
    )
    c.poly([(90, 850), (90, 640), (255, 520), (420, 640), (420, 850)], OCHRE)
    c.poly([(255, 520), (420, 640), (420, 850), (340, 850)], mix(OCHRE, INK, 0.18))
    c.poly([(200, 850), (255, 640), (312, 850)], mix(INK, OCHRE, 0.12))
    c.line([(255, 520), (255, 450)], INK, 5)
    c.poly([(255, 452), (320, 470), (255, 490)], CREAM)
    c.ellipse(890, 872, 420, 18, clear(INK, 0.25))
    c.rect(520, 560, 520, 270, BRICK, 14)
    c.rect(520, 700, 520, 40, CREAM)
    c.rect(520, 540, 520, 26, mix(INK, MIST, 0.25), 6)
    for index in range(4):
        c.rect(546 + index * 122, 590, 104, 92, mix(BRICK, INK, 0.25), 6)
        c.rect(556 + index * 122, 600, 84, 72, MIST if index % 2 else mix(INK, MIST, 0.4), 4)
    c.poly([(1050, 830), (1050, 590), (1080, 560), (1200, 560), (1262, 690), (1280, 830)], BRICK)
    c.poly([(1092, 590), (1184, 590), (1230, 690), (1092, 690)], mix(DEEP, MIST, 0.35))
    c.rect(1050, 700, 222, 40, CREAM)
    c.rect(1110, 534, 66, 28, DEEP, 10)
    c.rect(1126, 538, 34, 20, "#9fd0d6", 8)
    c.rect(512, 816, 776, 28, INK, 8)
    for line in (0, 1):
        c.line([(560, 528 - line * 26), (1000, 528 - line * 26)], DUNE, 8)
    for index in range(10):
        c.line([(575 + index * 46, 500), (575 + index * 46, 530)], DUNE, 6)
    for wx in (630, 930, 1170):
        c.circle(wx, 842, 58, INK)
        c.circle(wx, 842, 28, MIST)
        c.circle(wx, 842, 10, INK)
    for row in range(3):
        for column in range(8 - row):
            x = 1240 + column * 64 + row * 32
            c.rect(x, 912 - row * 36, 70, 40, (DUNE, SAND, mix(DUNE, CLAY, 0.25))[(row + column) % 3], 18)
    for x, base, coat, look, arm, facing in (
        (180, 940, INK, 0, (10, 40), 1), (300, 945, BRICK, 2, (36, 8), -1), (760, 960, DEEP, 1, (8, 60), 1),
        (1190, 962, TEAL, 3, (10, 50), 1),
    ):  # fmt: skip
        c.ellipse(x, base, 60, 11, clear(INK, 0.22))
        m.person(c, x, base, 290, coat=coat, look=look, vest=True, facing=facing, arm=arm)
        c.pie(x, base - 268, 31, 180, 360, CREAM)
        c.rect(x - 36, base - 270, 72, 8, CREAM, 4)

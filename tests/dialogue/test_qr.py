"""QR codes as pictures."""

import struct
import zlib
from xml.etree import ElementTree as ET

from dialogue.qr import PNG_SCALE, QUIET, modules_of, path_of, png_of, svg_of

ADDRESS = "https://madoi.example.org/join/bcdf2345gh/"


def test_code_has_its_three_corners_and_a_quiet_zone():
    modules = modules_of(ADDRESS)
    side = len(modules)
    corner = [[True] * 7, [True] + [False] * 5 + [True]]

    assert all(len(row) == side for row in modules)
    assert not any(any(row) for row in (*modules[:QUIET], *modules[-QUIET:]))
    for x, y in ((QUIET, QUIET), (side - QUIET - 7, QUIET), (QUIET, side - QUIET - 7)):
        assert [list(row[x : x + 7]) for row in modules[y : y + 2]] == corner


def test_svg_draws_every_dark_module_and_styles_nothing():
    modules = modules_of(ADDRESS)
    root = ET.fromstring(svg_of(ADDRESS))  # noqa: S314  of our own making

    area = sum(int(part.split("h")[1].split("v")[0]) for part in path_of(modules).split("M")[1:])
    assert area == sum(map(sum, modules))
    assert root.get("viewBox") == f"0 0 {len(modules)} {len(modules)}"
    assert b"style" not in svg_of(ADDRESS)


def test_png_holds_the_same_modules():
    modules = modules_of(ADDRESS)
    png = png_of(ADDRESS)
    side, height = struct.unpack(">II", png[16:24])
    pixels = zlib.decompress(png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8])
    width = side // 8 + 1
    rows = [pixels[at + 1 : at + width] for at in range(0, len(pixels), width)]

    assert (side, height) == (len(modules) * PNG_SCALE,) * 2
    read = [
        [not row[x * PNG_SCALE // 8] >> 7 & 1 for x in range(len(modules))] for row in rows[PNG_SCALE // 2 :: PNG_SCALE]
    ]
    assert read == [list(row) for row in modules]

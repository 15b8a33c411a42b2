"""QR codes as pictures that need no style sheet: SVG for pages and print, PNG for chats and slides.

The library's own SVG draws each module by itself, which is twice as long inside a page; here a run is one stroke.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.pure import PyPNGImage
from qrcode.main import QRCode

QUIET: Final = 4
"""Empty modules round the code, as ISO/IEC 18004 asks for."""
PNG_SCALE: Final = 16
"""Pixels of a module: a code of 33 modules is then 656 pixels wide, enough for a slide or a printed page."""

Modules = Sequence[Sequence[bool]]


def modules_of(text: str) -> Modules:
    """Return the rows of the code for a text, dark modules as true, with its quiet zone.

    A quarter of it may be covered or torn (level Q): flyers hang on walls.
    """
    return _code(text).get_matrix()


def path_of(modules: Modules) -> str:
    """Return the dark modules as the path of an SVG, one unit a module."""
    parts: list[str] = []
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x} {y}h{run - x}v1h-{run - x}z")
            x = run + 1
    return "".join(parts)


def svg_of(text: str) -> bytes:
    """Return the code as an SVG file."""
    modules = modules_of(text)
    side = len(modules)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side * 8}" height="{side * 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path_of(modules)}"/></svg>\n'
    ).encode()


def png_of(text: str) -> bytes:
    """Return the code as a PNG file of one bit a pixel."""
    file = BytesIO()
    picture = _code(text, box_size=PNG_SCALE).make_image(image_factory=PyPNGImage)
    picture.get_image().write(file, picture.rows_iter())
    return file.getvalue()


def _code(text: str, *, box_size: int = 1) -> QRCode:
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET, box_size=box_size)
    code.add_data(text)
    code.make(fit=True)
    return code

"""The QR code as lines of a terminal: read back module by module, it is the code."""

import segno

from cogwizard.report.qr import lines, modules

TEXT = "otpauth://totp/cogwizard:hanako@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW"
DARK = {" ": (True, True), "\u2580": (False, True), "\u2584": (True, False), "\u2588": (False, False)}


def test_the_lines_are_the_code() -> None:
    code = [[bool(module) for module in row] for row in segno.make_qr(TEXT, error="l", boost_error=False).matrix]
    shown = lines(TEXT)
    pairs = [[DARK[char] for char in line] for line in shown]
    rows = [row for line in pairs for row in ([upper for upper, _ in line], [lower for _, lower in line])]
    inside = [row[2 : 2 + len(code)] for row in rows[2 : 2 + len(code)]]
    assert inside == code
    # Light all round, for the camera.
    framed = modules(TEXT)
    assert not any(framed[0] + framed[1] + framed[-1] + framed[-2])
    assert not any(row[0] or row[1] or row[-1] or row[-2] for row in framed)


def test_it_fits_a_small_terminal() -> None:
    shown = lines(TEXT)
    assert len(shown) <= 23
    assert {len(line) for line in shown} == {len(shown[0])}
    assert len(shown[0]) <= 80

"""A QR code in characters of a terminal: two rows of modules in one line."""

_BORDER = 2  # modules; apps read it with less than the standard's four
_BLOCKS = {(False, False): " ", (True, False): "\u2580", (False, True): "\u2584", (True, True): "\u2588"}


def modules(text: str) -> list[list[bool]]:
    """Return the QR code of a text as rows of modules, True for dark, with a border."""
    import segno

    code = segno.make_qr(text, error="l", boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=_BORDER)]


def lines(text: str) -> list[str]:
    """Return it as lines of half blocks, light on a dark ground: light modules are drawn, dark ones left out."""
    rows = modules(text)
    if len(rows) % 2:
        rows.append([True] * len(rows[0]))  # not drawn
    return [
        "".join(_BLOCKS[not upper, not lower] for upper, lower in zip(rows[at], rows[at + 1], strict=True))
        for at in range(0, len(rows), 2)
    ]

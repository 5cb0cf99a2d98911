"""The pictures in the repository are those that the wizard gives."""

import re

import pytest

from tests.screenshots import FOLDERS, ROOT, SHOTS, Scene, draw, scenes

AGAIN = "run: python -m tests.screenshots"
WINDOW = 20  # so many characters of a token in a row are a leak; a standard header begins alike in fewer


def name(scene: Scene) -> str:
    """Return what tells a scene from the others."""
    opened = scene.scenario or ("sandbox" if scene.sandbox else "home")
    return f"{opened} {scene.lang} {scene.size[0]}x{scene.size[1]}{' no colour' if scene.no_color else ''}"


@pytest.mark.parametrize("scene", scenes(), ids=name)
def test_a_picture_is_current_and_holds_no_secret(scene: Scene) -> None:
    """Byte for byte what the wizard shows; no part of what was pasted or sent as a secret."""
    pictures = draw(scene, scenes()[scene])
    stale = []
    for picture in pictures:
        path = ROOT / picture.path
        if not path.is_file() or path.read_bytes() != picture.content:
            stale.append(str(picture.path))
        shown = "".join(picture.text.split())
        for secret in picture.secrets:
            plain = "".join(secret.split())
            for at in range(max(1, len(plain) - WINDOW)):
                assert plain[at : at + WINDOW] not in shown, f"{picture.path} holds a part of a secret"
    assert not stale, f"stale: {', '.join(stale)}; {AGAIN}"


def test_every_picture_is_made() -> None:
    """None is left over from a shot that is gone, and no two shots write one file."""
    paths = [shot.path for shot in SHOTS]
    assert len(set(paths)) == len(paths)
    found = {path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert found <= set(paths), f"made by no shot: {sorted(map(str, found - set(paths)))}; {AGAIN}"


def test_a_picture_asks_nobody() -> None:
    """No font, style or image from elsewhere: a reader's browser tells nobody that the page was read."""
    for shot in SHOTS:
        text = (ROOT / shot.path).read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "", 1)
        markup = re.sub(">[^<]*<", "><", text)
        assert not [word for word in ("href", "url(", "@import", "<style", "://") if word in markup], shot.path

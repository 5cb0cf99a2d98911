"""What terminals paste when a file is dropped on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.intake.dropped import dropped_recording
from cogwizard.intake.mask import mask
from cogwizard.intake.recognise import recognise


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/home/me/shop.har", "/home/me/shop.har"),
        ("  /home/me/shop.har \n", "/home/me/shop.har"),
        ("shop.HAR", "shop.HAR"),
        ("~/shop.har#12", "~/shop.har#12"),
        ("'/home/me/my shop.har' ", "/home/me/my shop.har"),
        ("'/home/me/it'\\''s.har'", "/home/me/it's.har"),
        ('"/home/me/my shop.har"', "/home/me/my shop.har"),
        ("/home/me/my\\ shop\\ (1).har", "/home/me/my shop (1).har"),
        ("/home/me/my shop.har", "/home/me/my shop.har"),
        ("file:///home/me/my%20shop.har", "/home/me/my shop.har"),
        ("file:///home/me/a%23b.har#3", "/home/me/a#b.har#3"),
        ("file:///C:/Users/me/shop.har", "C:/Users/me/shop.har"),
        ("C:\\Users\\me\\my shop.har", "C:\\Users\\me\\my shop.har"),
        ('"C:\\Users\\me\\my shop.har"', "C:\\Users\\me\\my shop.har"),
        ("& 'C:\\Users\\me\\shop.har'", "C:\\Users\\me\\shop.har"),
        ("\\\\server\\share\\shop.har", "\\\\server\\share\\shop.har"),
        ("https://example.com/shop.har", None),
        ("curl -o shop.har", None),
        ("see shop.har", None),
        ("shop.har\nshop2.har", None),
        ("shop.hard", None),
        ("'shop.har", None),
        ("x" * 6000 + ".har", None),
        ("", None),
    ],
)
def test_a_dropped_recordings_path(text: str, path: str | None) -> None:
    assert dropped_recording(text) == path
    if path is not None:
        assert (recognise(text).kind, recognise(text).path) == ("har", path)


def test_a_command_that_names_a_recording_is_a_command() -> None:
    assert recognise("curl https://example.com/x -o /tmp/a.har").kind == "curl"


@pytest.mark.parametrize("end", [".har", ".case.json"])
def test_the_path_of_a_dropped_file_is_shown(end: str) -> None:
    path = f"/tmp/cases/cogwizard-fwuck3hzw9-prod-2026-11-21{end}"
    assert mask(path).shown == path


@given(st.text(max_size=60).map(lambda text: f"{text}.har"))
def test_any_text(text: str) -> None:
    assert dropped_recording(text) is None or dropped_recording(text)

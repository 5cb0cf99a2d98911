"""Browsers' recordings: which call is meant, what is read of it, and that no file is too large or too odd."""

import base64
import io
import json
import tracemalloc
import zipfile
from typing import Any

import ijson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.intake.errors import BadInput
from cogwizard.intake.har import Recording, read_har
from cogwizard.intake.har_entry import LONGEST_BODY
from cogwizard.intake.har_stream import CHUNK, CUT, Shortened
from cogwizard.intake.mask import mask, reveal
from tests.intake.recordings import (
    ALLOWS,
    DATE,
    PAGE,
    REFUSAL,
    REFUSED,
    URL,
    Entry,
    asking,
    charles,
    chrome,
    chrome_preflight,
    data,
    firefox,
    har,
    mitmproxy,
    safari,
    sent,
)

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjNG5hcnkifQ.c4nary"
SENT = sent(authorization=f"Bearer {TOKEN}")
AT = 1_795_236_482.0  # DATE
STATIC = chrome(url=f"{PAGE}/app.js", status=200, kind="script", body="x")


def read(recording: object, number: int | None = None) -> Recording:
    return read_har(io.BytesIO(recording if isinstance(recording, bytes) else data(recording)), number)


def wrong(recording: object, number: int | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(recording, number)
    return caught.value


# -- what each tool writes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recording", "is_browsers"),
    [
        (har([STATIC, chrome(headers=SENT)], pages=[{"id": "page_1", "title": f"{PAGE}/orders"}]), True),
        (har([chrome(headers=SENT, kind="xhr")]), True),
        (har([firefox(headers=SENT)], "Firefox", browser={"name": "Firefox"}), True),
        (har([safari(SENT)], "WebKit Web Inspector"), True),
        (har([charles({"authorization": f"Bearer {TOKEN}"})], "Charles Proxy"), False),
        (har([mitmproxy({"authorization": f"Bearer {TOKEN}"})], "mitmproxy"), False),
        (har([charles(SENT)], "Charles Proxy"), True),
    ],
    ids=["chrome", "edge", "firefox", "safari", "charles", "mitmproxy", "a browser through charles"],
)
def test_each_tools_recording_gives_the_call_and_its_answer(recording: Entry, is_browsers: bool) -> None:
    found = read(recording)
    call, answer = found.entry.call, found.entry.answer
    assert (call.method, call.url) == ("GET", URL)
    assert call.values("Authorization") == [f"Bearer {TOKEN}"]
    assert not [name for name, _ in call.headers if name.startswith(":")]
    assert answer is not None
    assert (answer.status, answer.date, answer.body) == (401, AT, REFUSAL)
    assert answer.header("x-amzn-errortype") == "UnauthorizedException"
    assert found.is_browsers is is_browsers
    assert not found.headers_left_out
    assert round(found.entry.started or 0) == AT - 2


def test_what_cors_kept_from_the_page_is_an_answer_without_a_body() -> None:
    """Chrome keeps status and headers of what its page may not see, and lists the preflight after its call."""
    found = read(har([chrome(headers=SENT, error="net::ERR_FAILED"), chrome_preflight(), STATIC]))
    assert found.entry.number == 1
    assert found.entry.answer is not None
    assert (found.entry.answer.status, found.entry.answer.body) == (401, "")
    assert found.preflight is not None
    assert found.preflight.number == 2
    assert found.entry.origin == PAGE


def test_a_call_that_its_preflight_stopped_has_no_answer() -> None:
    blocked = chrome(headers=SENT, status=0, answered={}, error="net::ERR_FAILED")
    found = read(har([blocked, chrome_preflight(status=403)]))
    assert (found.entry.number, found.entry.answer, found.entry.status) == (1, None, 0)
    assert found.preflight is not None
    assert found.preflight.status == 403


def test_a_preflight_counts_where_its_call_is_not_there() -> None:
    found = read(har([STATIC, chrome_preflight(status=401)]))
    assert (found.entry.call.method, found.entry.status, found.preflight) == ("OPTIONS", 401, None)


def test_a_proxys_error_is_a_call_without_an_answer() -> None:
    found = read(har([mitmproxy(SENT, "server closed connection")], "mitmproxy"))
    assert found.entry.answer is None


# -- which entry -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "number"),
    [
        ([chrome(), chrome(), STATIC], 2),
        ([chrome(), chrome(url=f"{PAGE}/favicon.ico", status=404, kind="other", answered={})], 1),
        ([chrome(), chrome(url="https://stats.example.net/t", status=500, kind="xhr", answered={})], 1),
        ([chrome(), chrome(url="https://cognito-idp.eu-west-1.amazonaws.com/", status=400, kind="xhr")], 1),
        ([chrome(), chrome(url="https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token", status=400)], 1),
        ([chrome(), chrome(status=200, error=None)], 1),
        ([chrome(), chrome(status=0, answered={}, error="net::ERR_ABORTED")], 1),
        (
            [
                chrome(url="https://api.example.com/orders"),
                chrome(url=f"{PAGE}/x.png", status=404, kind="image", answered={}),
            ],
            1,
        ),
        (
            [
                chrome(url="https://api.example.com/orders"),
                chrome(url="https://stats.example.net/t", status=500, kind="xhr", answered={}),
            ],
            1,
        ),
        ([chrome(), chrome(url="http://localhost:4566/_aws/execute-api/abc123/prod/orders", kind="xhr")], 2),
        ([chrome(), chrome(url="wss://abc123.execute-api.eu-west-1.amazonaws.com/prod", kind="websocket")], 1),
    ],
)
def test_the_last_failing_call_to_the_api_is_meant(entries: list[Entry], number: int) -> None:
    assert read(har(entries)).entry.number == number


def test_another_entry_can_be_named() -> None:
    recording = har([STATIC, chrome(headers=SENT), chrome_preflight(), chrome(url=f"{URL}&x=1")])
    assert read(recording).entry.number == 4
    found = read(recording, 2)
    assert found.entry.call.url == URL
    assert found.preflight is not None
    assert wrong(recording, 5).params == {"number": "5", "count": "4"}
    assert wrong(recording, 0).key == "har-no-such-entry"


def test_each_failing_entry_can_be_picked_with_its_own_preflight() -> None:
    """Two rounds as Chrome lists them: the preflight that belongs to a call stands behind it."""
    entries = [chrome(headers=SENT), chrome_preflight(status=200), chrome(headers=SENT), chrome_preflight(status=204)]
    found = read(har(entries))
    assert [item.number for item in found.failing] == [1, 3]
    first = found.picked(found.failing[0])
    assert (first.preflight, found.preflight) == (first.preflights[0], found.preflights[1])


def test_firefox_lists_a_preflight_before_its_call() -> None:
    round_ = [firefox("OPTIONS", asking(), 200), firefox(headers=SENT)]
    found = read(har([*round_, *round_], "Firefox"))
    assert (found.entry.number, found.preflight and found.preflight.number) == (4, 3)


def test_a_preflight_of_another_method_is_another_calls() -> None:
    found = read(har([chrome_preflight(method="DELETE"), chrome(headers=SENT)]))
    assert found.preflight is None


def test_the_page_is_the_origin_where_no_header_names_it() -> None:
    """A GET to the page's own site has no Origin."""
    entry = chrome(headers={"authorization": TOKEN, "referer": f"{PAGE}:443/orders?x"})
    assert read(har([entry])).entry.origin == PAGE
    entry = chrome(headers={"authorization": TOKEN})
    assert read(har([entry], pages=[{"id": "page_1", "title": f"{PAGE}/orders"}])).entry.origin == PAGE
    untitled = [{"id": "page_1", "title": "Orders"}]
    assert read(har([entry], pages=untitled)).entry.origin is None
    assert read(har([entry], pages=untitled)).origin == "https://abc123.execute-api.eu-west-1.amazonaws.com"


# -- what was left out -------------------------------------------------------------------------------------------------


def test_a_recording_without_authorization_and_cookies_says_nothing_of_them() -> None:
    assert read(har([STATIC, chrome()])).headers_left_out
    assert read(har([chrome(), chrome_preflight()])).headers_left_out
    assert not read(har([chrome(url=f"{PAGE}/", status=200, headers={"cookie": "a=b"}), chrome()])).headers_left_out


def test_a_preflight_that_names_no_authorization_proves_that_none_was_sent() -> None:
    found = read(har([chrome(), chrome_preflight(names="content-type")]))
    assert found.preflight is not None
    assert not found.headers_left_out


@pytest.mark.parametrize("value", ["[redacted]", "Bearer [authorization redacted]", "***", "REDACTED", "<removed>"])
def test_a_value_that_was_taken_out_was_not_given(value: str) -> None:
    found = read(har([chrome(headers=sent(authorization=value))]))
    assert [item.header for item in found.entry.call.unexpanded] == ["authorization"]


@pytest.mark.parametrize("value", [TOKEN, "Bearer null", "undefined", "hidden-service-key-0123"])
def test_a_value_that_was_sent_is_one(value: str) -> None:
    assert not read(har([chrome(headers=sent(authorization=value))])).entry.call.unexpanded


# -- bodies ------------------------------------------------------------------------------------------------------------


def body_of(content: Entry, **answered: str) -> tuple[str, str]:
    entry = chrome(answered={**REFUSED, **{name.replace("_", "-"): value for name, value in answered.items()}})
    entry["response"]["content"] = content
    found = read(har([entry])).entry
    assert found.answer is not None
    return found.answer.body, found.unreadable


def base(body: bytes) -> Entry:
    return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def test_bodies_are_undone_as_far_as_they_can_be() -> None:
    import zlib

    raw = zlib.compressobj(wbits=-15)
    assert body_of(base("é".encode())) == ("é", "")
    assert body_of(base(zlib.compress(b"{}")), content_encoding="deflate") == ("{}", "")
    assert body_of(base(raw.compress(b"{}") + raw.flush()), content_encoding="deflate") == ("{}", "")
    assert body_of(base(b"\xce\xb2\xcf\x83\xff"), content_encoding="br") == ("", "br")
    assert body_of({"text": REFUSAL}, content_encoding="br") == (REFUSAL, "")
    assert body_of({"text": "no base64 \xff", "encoding": "base64"}) == ("", "base64")
    assert body_of({"size": 12}) == ("", "")


def test_a_packed_body_may_not_grow_without_end() -> None:
    import gzip

    body, _ = body_of(base(gzip.compress(b"a" * (30 << 20))), content_encoding="gzip")
    assert body == "a" * LONGEST_BODY


def test_the_body_of_the_request_is_kept_unless_it_was_cut() -> None:
    entry = chrome("POST", headers=SENT)
    entry["request"]["postData"] = {"mimeType": "application/json", "text": '{"a":1}'}
    assert read(har([entry])).entry.call.body == b'{"a":1}'
    entry["request"]["postData"]["text"] = "x" * 300_000
    found = read(har([entry])).entry
    assert (found.call.body, found.body_cut) == (None, True)


# -- any size ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", ["x", '{\\"a\\":\\"\\\\\\u00e9\\"}', "日本"], ids=["plain", "escapes", "characters"])
def test_a_body_of_any_size_costs_no_memory(piece: str) -> None:
    """8 MB of body are read in a fraction of that."""
    text = data(har([chrome(headers=SENT, body="BODY"), STATIC]))
    head, _, tail = text.partition(b"BODY")
    whole = head + piece.encode() * (8_000_000 // len(piece.encode())) + tail
    file = io.BytesIO(whole)
    tracemalloc.start()
    try:
        found = read_har(file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.entry.answer is not None
    assert LONGEST_BODY / 2 < len(found.entry.answer.body) <= LONGEST_BODY
    assert found.entry.answer.body.startswith(json.loads(f'"{piece}"'))
    assert found.count == 2
    assert peak < len(whole) / 6


def test_many_entries_are_counted_and_few_are_kept() -> None:
    entry = json.dumps({"request": {"url": URL}, "response": {"status": 403}}).encode()
    found = read(b'{"log":{"entries":[' + b",".join([entry] * 5_000) + b"]}}")
    assert (found.count, found.entry.number, len(found.failing)) == (5_000, 5_000, 100)


@given(
    st.lists(
        st.text(alphabet=st.sampled_from('ab"\\\n\té日\U0001f600\x00{}[]:,'), max_size=12).map(
            lambda text: text * 3000
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_shortening_changes_only_what_is_long(texts: list[str], ascii_only: bool) -> None:
    """Whatever stands where a chunk ends: what comes out is the same JSON, with long strings cut at a character."""
    whole = json.dumps(texts, ensure_ascii=ascii_only)
    source = Shortened(io.BytesIO(whole.encode()), lambda _: None)
    out = b""
    while piece := source.read(CHUNK):
        out += piece
    shortened = json.loads(out)
    assert len(shortened) == len(texts)
    for short, text in zip(shortened, texts, strict=True):
        kept = short.removesuffix(CUT).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        assert text.startswith(kept)
        assert kept == text or (short.endswith(CUT) and len(json.dumps(short, ensure_ascii=ascii_only)) * 3 >= CHUNK)


def test_the_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """ijson's C part is not there on every machine."""
    recording = har([STATIC, chrome(headers=SENT), chrome_preflight()])
    expected = read(recording)
    monkeypatch.setattr(ijson, "basic_parse", ijson.get_backend("python").basic_parse)
    assert read(recording) == expected
    assert wrong(b'{"log":').key == "har-not-json"


def test_progress_is_told_and_can_end_the_reading() -> None:
    sizes: list[int] = []
    text = data(har([STATIC] * 200 + [chrome()]))
    read_har(io.BytesIO(text), tell=sizes.append)
    assert sizes[-1] == len(text)
    assert len(sizes) > 3

    def stop(size: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_har(io.BytesIO(text), tell=stop)


# -- bad input ---------------------------------------------------------------------------------------------------------


def zipped(text: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.har", text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"", "har-empty"),
        (b" \n\t", "har-empty"),
        (b"\x00" * 100, "har-empty"),
        (zipped(b"{}"), "har-packed"),
        (b"\x1f\x8b\x08\x00", "har-packed"),
        (b"<!DOCTYPE html><html>", "har-not-json"),
        (b"curl https://example.com", "har-not-json"),
        (b"{", "har-not-json"),
        (b'{"log": {"version"', "har-not-json"),
        (b"[" * 10_000, "har-other-json"),
        (b"{}", "har-other-json"),
        (b"[]", "har-other-json"),
        (b"null", "har-other-json"),
        (b'"text"', "har-other-json"),
        (b'{"info": {"name": "a collection"}, "item": []}', "har-other-json"),
        (b'{"log": []}', "har-other-json"),
        (b'{"log": {"entries": {}}}', "har-other-json"),
        (b'{"log": {"entries": []}}', "har-no-entries"),
        (data(har([STATIC])), "har-nothing-failed"),
        (data(har([chrome(url=f"{PAGE}/a.png", status=404, kind="image", answered={})])), "har-no-api-call"),
        (data(har([None, 1, "x", [], {}, {"request": 1}, {"request": {"url": "data:,x"}}])), "har-nothing-failed"),
    ],
)
def test_what_is_no_recording_is_said(text: bytes, key: str) -> None:
    assert wrong(text).key == key


def test_hosts_are_named_and_inert() -> None:
    found = wrong(har([chrome(url="https://a\u202eb.example/x", status=200), *[STATIC] * 3]))
    assert found.params["count"] == "4"
    assert found.params["hosts"].startswith("shop.example.com")
    assert "\u202e" not in found.params["hosts"]


@pytest.mark.parametrize("kept", [0.5, 0.7, 0.9])
def test_a_recording_that_was_cut_off_gives_what_is_there(kept: float) -> None:
    text = data(har([STATIC, chrome(headers=SENT), *[STATIC] * 3]))
    found = read(text[: int(len(text) * kept)])
    assert found.is_cut
    assert found.entry.number == 2


def test_a_recording_that_was_cut_off_before_anything_failed_says_so() -> None:
    text = data(har([STATIC] * 3))
    assert wrong(text[:-20]).key == "har-cut-off"
    assert wrong(text[:-20], 9).key == "har-cut-off"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = json.dumps(har([chrome(headers=sent(authorization="日本語"))]), ensure_ascii=False)
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert read(mark + text.encode(encoding)).entry.call.values("authorization") == ["日本語"]


def test_bytes_that_are_no_text_and_raw_control_characters_are_read() -> None:
    text = data(har([chrome(headers=sent(x_a="A"))])).replace(b'"A"', b'"\xff\n\x01B"')
    assert read(text).entry.call.values("x-a") == ["\ufffd  B"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Authorization": "t", "X": ["1", "2"]}, [("Authorization", "t"), ("X", "1"), ("X", "2")]),
        (["Authorization: t", "nonsense"], [("Authorization", "t")]),
        ([{"name": "a", "value": 1}, {"name": "b"}, {"name": None}, 7, {"name": "c", "value": {}}], None),
        (None, []),
        ("Authorization: t", []),
    ],
)
def test_other_forms_of_headers_are_read(headers: Any, expected: list[tuple[str, str]] | None) -> None:
    entry = {"request": {"method": "GET", "url": URL, "headers": headers}, "response": {"status": "401"}}
    found = read(har([entry])).entry
    assert list(found.call.headers) == (expected if expected is not None else [("a", "1"), ("b", ""), ("c", "")])
    assert found.status == 401


def test_a_giant_count_of_headers_is_bounded() -> None:
    entry = chrome(headers={})
    entry["request"]["headers"] = [{"name": "a", "value": "v"}] * 5_000
    assert len(read(har([entry])).entry.call.headers) == 500
    entry["request"]["headers"] = [{"name": "a", "value": "v" * 40_000}] * 100
    assert len(read(har([entry])).entry.call.headers) == 1


@pytest.mark.parametrize("digits", [300, 5000, 3 * CHUNK])
@pytest.mark.parametrize("form", ["{}", "-{}", "1.{}", "1e{}", "[{0},{0}]"])
def test_a_number_of_any_length_is_survived(form: str, digits: int) -> None:
    """The parser's C ends the process at those that int() refuses."""
    text = data(har([chrome() | {"time": "HERE", "_error": "7" * digits}])).decode()
    found = read_har(io.BytesIO(text.replace('"HERE"', form.format("9" * digits)).encode()))
    assert (found.entry.status, found.entry.error, found.is_cut) == (401, "7" * 200, False)


def test_depth_and_doubled_members_harm_nothing() -> None:
    deep = "[" * 10_000 + "]" * 10_000
    call = json.dumps(chrome(headers=SENT))
    odd = f'{{"x": {deep}, "request": {{"headers": {deep}, "url": {deep}}}, "response": {deep}}}'
    doubled = call[:-1] + ', "startedDateTime": "2026-11-21T05:00:00Z"}'
    found = read(f'{{"log": {{"x": {deep}, "entries": [{odd}], "entries": [{doubled}]}}}}'.encode())
    assert (found.entry.number, found.entry.started) == (2, 1_795_237_200.0)


@pytest.mark.parametrize("started", [None, "", "yesterday", 5, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", {}])
def test_a_time_that_is_none_is_not_taken(started: object) -> None:
    assert read(har([{**chrome(), "startedDateTime": started}])).entry.started is None


def test_nothing_secret_is_repeated() -> None:
    found = read(har([chrome(headers=SENT), chrome_preflight()]))
    assert "c4nary" not in repr(found)
    assert TOKEN not in repr(found)


# -- anything ----------------------------------------------------------------------------------------------------------

BASE = data(har([STATIC, chrome(headers=SENT), chrome_preflight(), safari(SENT), charles(SENT)]))
SMALL = data(har([chrome(headers=SENT), charles(SENT)]))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = (
    "request",
    "response",
    "url",
    "method",
    "headers",
    "status",
    "content",
    "text",
    "encoding",
    "_error",
    "pageref",
)


def is_read_or_said(text: bytes, number: int | None = None) -> None:
    key, found = "har-", None
    try:
        found = read(text, number)
    except BadInput as error:
        key = error.key
    assert key.startswith("har-")
    if found is not None:
        assert 1 <= found.entry.number <= found.count
        assert found.preflight is None or found.preflight.is_preflight
        assert found.headers_left_out <= found.is_stripped


@given(st.binary(max_size=60), st.integers(0, len(BASE)), st.integers(0, 40), st.none() | st.integers(0, 7))
def test_any_bytes_inside_are_read_or_said(noise: bytes, at: int, gone: int, number: int | None) -> None:
    is_read_or_said(BASE[:at] + noise + BASE[at + gone :], number)


@given(st.sampled_from(PLACES), ANY_JSON)
def test_any_json_in_any_place_is_read_or_said(place: str, value: object) -> None:
    def change(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: value if key == place else change(item) for key, item in node.items()}
        return [change(item) for item in node] if isinstance(node, list) else node

    is_read_or_said(data(change(json.loads(SMALL))))


def test_an_answer_of_api_gateway_on_a_domain_of_ones_own_goes_before_other_scripts() -> None:
    ours = chrome(url="https://api.example.com/orders", answered={**ALLOWS, "x-amz-apigw-id": "a="}, kind="xhr")
    theirs = chrome(url="https://stats.example.net/t", status=500, kind="xhr", answered={"date": DATE})
    assert read(har([ours, theirs])).entry.number == 1


def test_a_pasted_recording_is_masked() -> None:
    """Headers, cookies, parameters and bodies: what the field shows holds none of their values."""
    headers = sent(authorization="c4nary-a", cookie="sid=c4nary-b; b=c4nary-c", x_api_key="c4nary-d", x_own="c4nary-e")
    entry = chrome(headers=headers, answered={"date": DATE, "set-cookie": "id=c4nary-f; Path=/"})
    entry["request"] |= {
        "cookies": [{"name": "sid", "value": "c4nary-b", "path": "]"}, {"name": "a", "value": 'c4nary"\\g'}],
        "queryString": [{"name": "token", "value": "c4nary-h"}],
        "postData": {"text": '{"password":"c4nary-i"}', "params": [{"name": "password", "value": "c4nary-j"}]},
    }
    text = data(har([entry])).decode()
    masked = mask(text)
    assert "c4nary" not in masked.shown
    assert reveal(masked.shown, masked.secrets) == text

"""The call in what a browser's console says of CORS: its URL, its verb where it is named, and the page's origin.

Texts of Chrome, Firefox and Safari as they print them [R]; none of them tells the headers that were sent.
"""

import re

from cogwizard.intake.errors import BadInput
from cogwizard.intake.url import read_url
from cogwizard.model.call import Call, is_method
from cogwizard.model.cors import origin_of

_LONGEST = 64 << 10  # characters that are looked at
_URLS = (
    re.compile(r"Access to [\w ]{1,40} at '(https?://[^'\s]{1,4000})'"),
    re.compile(r"remote resource at (https?://\S{1,4000}?)\.? \(Reason"),
    re.compile(r"cannot load (https?://\S{1,4000}?)\.? due to access control"),
)
_ORIGINS = (
    re.compile(r"from origin '([^'\s]{1,300})'"),
    re.compile(r"Origin (\S{1,300}) is not allowed by Access-Control-Allow-Origin"),
)
_METHOD = re.compile(r"Method ([A-Za-z]{1,20}) is not allowed by Access-Control-Allow-Methods")


def read_cors_error(text: str) -> tuple[Call, str | None] | None:
    """Return the call that a browser's message is about, and the page's origin where it names one; None without a URL.

    Takes any text, raises nothing.
    """
    plain = re.sub(r"\s+", " ", text[:_LONGEST].replace("\u2018", "'").replace("\u2019", "'"))
    url = next((found[1] for pattern in _URLS if (found := pattern.search(plain))), None)
    if url is None:
        return None
    try:
        read_url(url)
    except BadInput:
        return None
    named = _METHOD.search(plain)
    method = named[1].upper() if named and is_method(named[1]) else "GET"
    origin = next((found[1] for pattern in _ORIGINS if (found := pattern.search(plain))), "")
    return Call(method, url), origin_of(origin)

"""Where secrets stand that their own form gives away: keys of known makers, private keys, words that nobody made up."""

import re
from collections.abc import Iterator

from cogwizard.intake.sensitive import PLACEHOLDER, Span, tokens
from cogwizard.model.pool import REGION

# GitHub, Slack, Stripe, Google, GitLab, npm, Shopify, Hugging Face, SendGrid.
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|xox[a-z]-|xapp-|[sr]k_(?:live|test)_|AIza|ya29\.|glpat-|npm_|shp[a-z]{2}_"
    r"|hf_|SG\.|whsec_)[A-Za-z0-9_.-]{12,}+"
)
_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}-----")
# AWS' secret access keys have 40 characters; a commit's 40 have no capital.
_SECRET_KEY = re.compile(
    r"(?<![A-Za-z0-9+/_.-])(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])"
)

_CHUNK = re.compile(rf"(?:{PLACEHOLDER}|[^\s'\"<>`,;(){{}}\[\]|^\\])++")
_PATH = re.compile(r"(?:[.~]{0,2}/|[A-Za-z]:/|[?&#])")
_KEPT = re.compile(
    rf"arn:.*|(?:{REGION})_[A-Za-z0-9]+|(?:[a-z0-9-]{{1,63}}\.){{1,10}}[a-z]{{2,24}}\.?(?::[0-9]{{1,5}})?(?:[/?#].*)?"
    r"|\S{0,80}(?:://|%3A%2F%2F).*"
)
_RUN = re.compile(r"[A-Za-z0-9+_~-]{20,}+={0,2}")
_POOL = re.compile(rf"(?:{REGION})_[A-Za-z0-9]+")
# Words that somebody made up: `ListUserPools2`, `my-Pool_2024`. One letter in a hundred thousand falls so by chance.
_NAME = re.compile(
    r"(?:[A-Z]?[a-z]{2,}+|(?:A|An|As|At|By|Do|Go|Id|If|In|Is|It|My|No|Of|On|Or|To|Up)(?![a-z])"
    r"|[A-Z]{2,}+|v?[0-9]++|x(?=-)|[_+~-]++)++"
)
_LONG = 32  # characters: from here on a digit is not needed to tell a key from a name
# Ids that AWS gives to an answer look like keys.
_ID_OF_ANSWER = re.compile(
    r"(?i)(?:x-amz-cf-id|x-amz-apigw-id|apigw-requestid|x-amz-id-2|etag|x-amzn-trace-id|requestid)"
    r"\"?[ \t]*[:=][ \t]*\"?$"
)


def find(text: str) -> Iterator[Span]:
    """Yield the places of keys and of long words that look random, outside of addresses, ARNs, hosts and paths."""
    for found in _KNOWN.finditer(text):
        yield *found.span(), "auto"
    yield from _private_keys(text)
    yield from _broken_tokens(text)
    for chunk in _CHUNK.finditer(text):
        at = chunk.start()
        if chunk.end() - at < 20 or _PATH.match(text, at) or _KEPT.fullmatch(chunk[0]):
            continue
        for found in _SECRET_KEY.finditer(chunk[0]):
            yield at + found.start(), at + found.end(), "auto"
        if not _ID_OF_ANSWER.search(text[max(0, at - 40) : at]):
            for run in _RUN.finditer(chunk[0]):
                if is_random(run[0]):
                    yield at + run.start(), at + run.end(), "auto"


def is_random(word: str) -> bool:
    """Whether a long word has capitals, small letters and digits in an order that no name has."""
    if len(word) < 20 or word.islower() or word.isupper() or _POOL.fullmatch(word):
        return False
    has_digit = len(word) >= _LONG or any(char.isdigit() for char in word)
    return has_digit and any(map(str.islower, word)) and any(map(str.isupper, word)) and not _NAME.fullmatch(word)


def _private_keys(text: str) -> Iterator[Span]:
    at = 0
    while begin := _BEGIN.search(text, at):
        end = _END.search(text, begin.end())
        at = end.start() if end else len(text)
        if at > begin.end():
            yield begin.end(), at, "auto"


# -- tokens that something broke: a table, a string over several lines, line numbers, blanks ---------------------------

_PART = r"(?P<run>[A-Za-z0-9_.=-]++)"
_BOX = "|\u2502\u2503\u2551"
_JOINTS = (
    # The next line, with what a table, a quotation or an editor puts round it; the next part of a program's string.
    re.compile(
        rf"[ \t\u00a0]*+(?:[{_BOX}][ \t]*+)?(?:\r\n|\n|\r)(?:[ \t>]*+(?:\r\n|\n|\r))?+[ \t\u00a0>]*+"
        rf"(?:[{_BOX}][ \t]*+|[0-9]{{1,5}}[ \t.:{_BOX}]{{1,4}}+)?+{_PART}(?=[ \t\u00a0]*+(?:[{_BOX}]|[\r\n'\"\\,]|$))"
    ),
    re.compile(
        rf"(?P<quote>[\"'`])[ \t]*+[+.&\\]?[ \t]*+(?:(?:\r\n|\n|\r)[ \t]*+)?+[+.&]?[ \t]*+"
        rf"(?P=quote){_PART}(?=(?P=quote)(?![ \t]*+:))"
    ),
)
_BLANKS = re.compile(rf"[ \t\u00a0\u3000]++{_PART}(?![^\s'\"])")
_RS256, _TAG, _SIGNED = 342, 22, 43  # characters: of Cognito's last parts; of the shortest signature that is used


def _broken_tokens(text: str) -> Iterator[Span]:
    last = 0
    for start, end, _ in tokens(text):
        if start < last or not text.startswith("eyJ", start):
            continue
        first, dots, tail = end, text.count(".", start, end), end - (text.rfind(".", start, end) + 1 or start)
        while following := _following(text, end, dots, tail, is_broken=end > first):
            run = following["run"]
            more = run.count(".")
            dots, tail = dots + more, len(run) - run.rfind(".") - 1 if more else tail + len(run)
            end = following.end("run")
        last = end
        if end > first:
            yield start, end, "auto"


def _following(text: str, at: int, dots: int, tail: int, *, is_broken: bool) -> re.Match[str] | None:
    """Return what goes on with a token, None where it is whole or something else stands."""
    if (dots == 2 and tail >= _RS256) or (dots == 4 and tail >= _TAG):
        return None
    for joint in _JOINTS:
        if found := joint.match(text, at):
            short = len(found["run"]) < 20 and (dots >= 2 and tail >= _SIGNED) and not is_broken
            return None if short or (found["run"].startswith("eyJ") and dots >= 2) else found
    found = _BLANKS.match(text, at)
    if found and (len(found["run"]) >= 20 or is_broken) and not found["run"].startswith("eyJ"):
        return found
    return found if found and len(found["run"]) >= 20 and dots < 2 else None

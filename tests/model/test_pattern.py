"""The matcher for `identityValidationExpression`: what it says, that it agrees with `re`, and what it costs."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cogwizard.model import pattern
from cogwizard.model.pattern import LONGEST, MOST_STATES, MOST_STEPS, match

CLIENT = "3n4b5urk1ft4fl3mg5e62d9ado"
ATOMS = r"a b B 1 - . \. \d \w \s \D \W \S \- \n \x61 \u0062 [ab] [^a] [a-b1] [\d-] [^\w.] ^ $ \A (?:)"
OTHER = "4example23456789abcdefghij"


@pytest.mark.parametrize(
    ("expression", "text", "verdict"),
    [
        (CLIENT, CLIENT, "full"),
        (CLIENT, OTHER, "none"),
        (CLIENT[:10], CLIENT, "part"),
        (f"^{CLIENT}$", CLIENT, "full"),
        (f"({CLIENT}|{OTHER})", OTHER, "full"),
        (f"{CLIENT}|{OTHER}|", "", "full"),
        ("[0-9a-z]{26}", CLIENT, "full"),
        ("[0-9a-z]{27,}", CLIENT, "none"),
        ("^[^n]+", CLIENT, "part"),
        ("", "a", "part"),
        ("", "", "full"),
        ("a*", "b", "part"),
        ("a+", "b", "none"),
        (r"\w+\-\w+\.\d\s\D\W\S", "ab-c.1 x!y", "full"),
        (r"\t\n\x41\u0042\f\r\a\e", "\t\nAB\f\r\a\x1b", "full"),
        (r"\Qa.b*\E+", "a.b**", "full"),
        (r"\Qa.b", "a.b", "full"),
        (r"\Qa.b", "axb", "none"),
        (r"[\Q^-]\E]+", "]-^", "full"),
        (r"a\Q\E*", "aaa", "full"),
        ("(?<client>a)(?:b)(c)", "abc", "full"),
        ("a??b+?c*?d{1,2}?", "bbdd", "full"),
        ("a{2}", "aaa", "part"),
        ("a{0}b", "b", "full"),
        ("a{2,3}", "aaaa", "part"),
        ("a{2,}", "aaaa", "full"),
        ("(a*)*", "aa", "full"),
        ("(a|ab)(c|bcd)(d*)", "abcd", "full"),
        ("((a+)+)+b", "aab", "full"),
        ("(|a){3}b", "ab", "full"),
        ("a|b|cc|", "cc", "full"),
        ("x^a", "xa", "none"),
        ("x(^a|b)", "xb", "full"),
        (r"\Aa\z", "a", "full"),
        ("a$", "a\n", "part"),
        (r"a\Z", "a\r\n", "part"),
        (r"a\z", "a\n", "none"),
        ("a\r$", "a\r\n", "none"),
        (".", "\n", "none"),
        (".", "\u2028", "none"),
        (".", "\U0001f511", "full"),
        ("[]", "]", "unknown"),
        ("[-a]+", "a-", "full"),
        ("[a-]+", "a-", "full"),
        ("[^-]", "-", "none"),
        (r"[\w-.]+", "a-.", "full"),
        (r"[\]\[\\]+", "[]\\", "full"),
        ("[a&b]+", "a&b", "full"),
        ("]}", "]}", "full"),
        (r"\d", "\u0663", "none"),
        (r"\w", "é", "none"),
        (r"\W", "é", "full"),
        ("(?i)aB-[x-z]", "Ab-Y", "full"),
        ("(?i)[^a]", "A", "none"),
        ("(?i)k", "\u212a", "none"),
        ("aB", "Ab", "none"),
    ],
)
def test_verdicts(expression: str, text: str, verdict: str) -> None:
    assert match(expression, text) == verdict


@pytest.mark.parametrize(
    "expression",
    [
        "(a)\\1",
        "(?<n>a)\\k<n>",
        "a(?=b)",
        "(?!b)a",
        "(?<=a)b",
        "(?<!a)b",
        "a*+",
        "a++",
        "a?+",
        "a{2}+",
        "(?>a)",
        "[a-z&&[^b]]",
        "[a[b]]",
        "[]a]",
        "[^]a]",
        "\\p{L}",
        "\\P{L}",
        "a(?i)b",
        "(?s).",
        "(?i:a)",
        "(?-i)a",
        "\\bword\\b",
        "\\G",
        "\\R",
        "\\h",
        "\\0101",
        "\\cA",
        "\\x{41}",
        "\\ud83d",
        # invalid in Java
        "(",
        ")",
        "(a",
        "a)",
        "[a",
        "[z-a]",
        "[a-\\d]",
        "[",
        "*",
        "a**",
        "|*",
        "a{",
        "a{,3}",
        "a{x}",
        "a{3,2}",
        "a{1",
        "a{1}{2}",
        "{1}",
        "\\",
        "\\y",
        "\\E",
        "\\x4",
        "\\x+1",
        "\\u12_4",
        "(?",
        "(?<",
        "(?<1>a)",
        "(?<>a)",
        "(?<n>a)(?<n>b)",
        "(?P<n>a)",
        # too large
        "a{5001}",
        "(a{1000}){1000}",
        "a{1000}{1000}",
        "(((){999999}){999999}){999999}",
        "a{" + "9" * 1900 + "}",
        "[" * LONGEST,
    ],
)
def test_unsupported_is_unknown(expression: str) -> None:
    assert match(expression, "a") == "unknown"


def test_limits_are_on_both_inputs() -> None:
    assert match("a" * LONGEST, "a" * LONGEST) == "full"
    assert match("a" * (LONGEST + 1), "a") == "unknown"
    assert match("a*", "a" * (LONGEST + 1)) == "unknown"
    assert match("(" * 100_000, "a") == "unknown"
    assert match("(" * 600 + "a" + ")*" * 600, "aaa") == "full"
    assert match(f"a{{{MOST_STATES}}}", "a") == "none"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("(a+)+$", "a" * 1999 + "!"),
        ("(a|aa)+$", "a" * 1999 + "!"),
        ("(.*)*x", "a" * LONGEST),
        ("(a*)*(a*)*(a*)*b", "a" * LONGEST),
        ("(((a*)*)*)*b", "a" * LONGEST),
        ("(a?){30}a{30}", "a" * 30),
        ("(" * 600 + "a" + ")+" * 600 + "$", "a" * 100 + "!"),
    ],
)
def test_hostile_expressions_are_read_once(expression: str, text: str) -> None:
    states = pattern._Parser(expression, frozenset(text)).parse()
    automaton = pattern._Automaton(states, text)
    for search in (False, True):
        automaton.steps = 0
        automaton.accepts(search=search)
        assert 0 < automaton.steps <= (len(states) + 1) * (len(text) + 1)


def test_costly_expressions_are_given_up() -> None:
    expression, text = "(a?){1600}a{1600}", "a" * LONGEST
    automaton = pattern._Automaton(pattern._Parser(expression, frozenset(text)).parse(), text)
    with pytest.raises(pattern._Unsupported):
        automaton.accepts(search=False)
    assert automaton.steps <= MOST_STEPS + MOST_STATES + 1
    assert match(expression, text) == "unknown"


def _expressions() -> st.SearchStrategy[str]:
    atoms = st.sampled_from(ATOMS.split())
    quantifiers = st.sampled_from(["*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{1,2}?"])

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, quantifiers).map(lambda pair: f"({pair[0]}){pair[1]}"),
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
            st.tuples(inner, inner).map("|".join),
        )

    return st.recursive(atoms, grow, max_leaves=7)


@given(_expressions(), st.text("abB1-. \n", max_size=7), st.booleans())
def test_agrees_with_python(expression: str, text: str, ignore_case: bool) -> None:
    expression = f"(?i){expression}" if ignore_case else expression
    try:
        compiled = re.compile(expression, re.ASCII)
    except re.error:
        assume(False)
        raise
    expected = "full" if compiled.fullmatch(text) else "part" if compiled.search(text) else "none"
    assert match(expression, text) == expected


@given(st.text(), st.text())
def test_any_text_gets_a_verdict(expression: str, text: str) -> None:
    assert match(expression, text) in ("full", "part", "none", "unknown")


@given(st.text("a1(){}[]*+?|^$.\\-,<>:&QEdDxu=!i", max_size=30), st.text("a1]", max_size=5))
def test_any_syntax_gets_a_verdict(expression: str, text: str) -> None:
    assert match(expression, text) in ("full", "part", "none", "unknown")


@given(st.text(max_size=40).filter(lambda text: "\\E" not in text and not text.endswith("\\")))
def test_quoted_text_matches_itself(text: str) -> None:
    assert match(f"\\Q{text}\\E", text) == "full"


@given(st.text(st.characters(max_codepoint=0x7F), min_size=1, max_size=30), st.text(max_size=20))
def test_escaped_text_matches_itself_inside_other_text(text: str, around: str) -> None:
    escaped = "".join(f"\\x{ord(char):02x}" for char in text)
    assert match(escaped, text) == "full"
    assert match(escaped, around + text + around) == ("part" if around else "full")

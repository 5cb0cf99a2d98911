"""A pasted piece of PowerShell: the command that makes the call, with what the lines before it prepared for it."""

import re

from cogwizard.intake.powershell_values import Values
from cogwizard.intake.shell import Word
from cogwizard.intake.shell_powershell import BLANKS, LINES, Argument, Table, Value

CMDLETS = r"(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)"
_PROMPT = re.compile(r"PS(?: [^>\r\n]{0,200})?>[ \t]*")
_COMMAND = re.compile(
    rf"[( \t]{{0,20}}+(?:(?:Write-(?:Output|Host)|&|\.)[( \t]{{1,20}}+){{0,3}}(?:(?P<cmdlet>{CMDLETS})"
    r"|[\"'][^\"'\r\n]{0,200}[/\\]curl(?P<path>\.exe)?[\"']"
    r"|[\"']?(?:[^\s'\"()]{0,200}[/\\])?curl(?P<exe>\.exe)?[\"']?)(?=[ \t`\r\n]|$)",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(
    r"(?:\[[\w.\[\], ]{1,120}\][ \t]*)?\$(?:\w{1,20}:)?(?P<name>\w{1,100})(?P<path>(?:\.\w{1,100}){0,4}?)[ \t]*"
    r"(?:(?P<set>\+?=)[ \t]*|\.(?P<add>Add|TryAddWithoutValidation)(?=\()|(?=\[))",
    re.IGNORECASE,
)
_INDEX = re.compile(r"[ \t]*\][ \t]*=[ \t]*")
# What only the cmdlets take; Windows PowerShell calls Invoke-WebRequest curl too.
_OF_CMDLET = re.compile(
    r"-(?:Uri|Method|Headers|Body|ContentType|UseBasicParsing|UserAgent|WebSession|SessionVariable|InFile|OutFile"
    r"|Authentication|Credential|TimeoutSec|Token|UseDefaultCredentials|SkipCertificateCheck|SkipHttpErrorCheck):?",
    re.IGNORECASE,
)


def read_command(text: str, start: int = 0) -> tuple[str, list[Argument]] | None:
    """Return "curl" or "cmdlet" for the first command from `start` that makes a call, and its arguments; None: there is
    none. Raises BadInput (`curl-quote-unclosed`, `curl-substitution-unclosed`).
    """
    reader = Values(text, start, {})
    while reader.at < reader.end:
        begun = reader.at
        if not (reader.skip(LINES) or reader.skip(_PROMPT) or reader.skip(BLANKS)):
            if command := reader.skip(_COMMAND):
                return _command(reader, command)
            if not _prepare(reader):
                reader.rest()
            reader.at += reader.at == begun
    return None


def _command(reader: Values, command: re.Match[str]) -> tuple[str, list[Argument]]:
    native = not command["cmdlet"]
    start = reader.at
    found = reader.arguments(native=native)
    if native and not (command["exe"] or command["path"]) and any(_is_for_cmdlet(item) for item in found):
        reader.at = start
        return "cmdlet", reader.arguments(native=False)
    return "curl" if native else "cmdlet", found


def _is_for_cmdlet(item: Argument) -> bool:
    return isinstance(item.value, Table) or (item.bare and bool(_OF_CMDLET.fullmatch(item.value.text)))


def _prepare(reader: Values) -> bool:
    """Read a line that gives a variable, or a part of one, a value; a command is left to stand behind `$name =`.

    Return whether it was one that could be read.
    """
    found = reader.skip(_ASSIGNMENT)
    if not found:
        return False
    name, path = found["name"].lower(), [part for part in found["path"].split(".") if part]
    if found["set"]:
        if _COMMAND.match(reader.text, reader.at, reader.end):
            return True
        value = reader.value(f"${found['name']}")
        if not path:
            _assign(reader.variables, name, value, adds=found["set"] == "+=")
        else:
            _table(reader.variables, name, path[:-1]).put(Word(path[-1]), value)
    elif found["add"]:
        _add(_table(reader.variables, name, path), _listed(reader))
    else:
        reader.at += 1
        key = reader.string()
        if key is None or not reader.skip(_INDEX):
            return False
        _table(reader.variables, name, path).put(key, reader.value(f"${found['name']}"))
    return True


def _assign(variables: dict[str, Value], name: str, value: Value, *, adds: bool) -> None:
    before = variables.get(name)
    if adds and isinstance(before, Table) and isinstance(value, Table):
        before.items.update(value.items)
    elif adds and isinstance(before, Word) and isinstance(value, Word):
        moved = tuple((len(before.text) + at, what) for at, what in value.expressions)
        variables[name] = Word(before.text + value.text, before.expressions + moved)
    else:
        variables[name] = value


def _table(variables: dict[str, Value], name: str, path: list[str]) -> Table:
    found = variables.get(name)
    if not isinstance(found, Table):
        found = variables[name] = Table()
    for part in path:
        inner = found.get(part)
        if not isinstance(inner, Table):
            inner = Table()
            found.put(Word(part), inner)
        found = inner
    return found


def _listed(reader: Values) -> list[Value]:
    """Return what stands in the parentheses of a method's call."""
    end = reader.closing()
    inner = Values(reader.text, reader.at + 1, reader.variables, end - 1, reader.depth + 1)
    reader.at = end
    given = []
    while inner.at < inner.end:
        given.append(inner.value())
        inner.at += 1  # the comma
    return given


def _add(table: Table, given: list[Value]) -> None:
    """Do what `.Add(key, value)` does, and `.Add(cookie)`."""
    if len(given) == 2 and isinstance(given[0], Word):
        table.put(given[0], given[1])
    elif given and isinstance(given[-1], Table):  # a cookie, maybe behind the address that it is for
        name, value = given[-1].get("name"), given[-1].get("value")
        if isinstance(name, Word) and value is not None:
            table.put(name, value)

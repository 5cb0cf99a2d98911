"""Collections of Postman, v2.0 and v2.1: which auth block each request is sent with, and what it sends.

Sources: postman-oauth.md 1.1 to 1.3. Nothing here judges, and nothing recurses: items may be nested without an end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cogwizard.intake.errors import BadInput
from cogwizard.model.collection import Auth, Collection, CollectionRequest
from cogwizard.postman.document import foreign, is_environment, load
from cogwizard.postman.environment import Environment, Variable, plain, read_environment, variables_in
from cogwizard.postman.request import RawRequest, raw_request
from cogwizard.postman.secrets import Finder
from cogwizard.postman.variables import Filled, Scope, names_set

_MOST = 100_000  # requests that are looked at
# Variables of all folders that have some of their own, each with those around it; more see as those around them see.
_MOST_VARIABLES = 200_000
_MOST_TEXT = 100_000_000  # characters of all that is filled in: a few variables can make much of a small file
_LONGEST_PLACE = 200  # characters


@dataclass(frozen=True)
class _Around:
    """What an item inherits: the block, where that stands, the variables, and the path of the folders."""

    auth: Any = field(repr=False)
    auth_place: str
    scope: Scope
    layers: tuple[Mapping[str, Variable], ...]
    path: str


@dataclass(frozen=True)
class _Item:
    """A request of the file as it stands, with what it is sent with."""

    place: str
    raw: RawRequest
    auth: Any = field(repr=False)
    auth_place: str
    scope: Scope


def read_collection(text: str, environment: str | None = None) -> Collection:
    """Return a collection with its variables filled in; `environment`: the text of an environment or globals file.

    Raises BadInput with a `postman-...` key: no JSON, another program's file, another of Postman's formats.
    """
    document = _collection(load(text, "postman"))
    given = read_environment(environment) if environment is not None else None
    return _Reader(document, given).read()


def _collection(document: Any) -> dict[str, Any]:
    if isinstance(document, dict) and isinstance(document.get("collection"), dict) and "item" not in document:
        document = document["collection"]  # as Postman's API hands it out
    if key := foreign(document):
        raise BadInput(key)
    if is_environment(document):
        raise BadInput("postman-is-environment")
    if not isinstance(document, dict) or not isinstance(document.get("info"), dict):
        raise BadInput("postman-no-collection")
    schema = plain(document["info"].get("schema"))
    if "/v1." in schema:
        raise BadInput("postman-v1")
    if "/v3." in schema:
        raise BadInput("postman-v3")
    if not isinstance(document.get("item"), list) and "/collection/v2." not in schema:
        raise BadInput("postman-no-collection")
    return document


class _Reader:
    def __init__(self, document: dict[str, Any], environment: Environment | None) -> None:
        self._document, self._environment = document, environment
        self._finder = Finder()
        self._scopes: list[Scope] = []
        self._variables = 0
        self._late: frozenset[str] = frozenset()
        self._auths: dict[Any, Auth] = {}
        self._seen: dict[tuple[int, int], Any] = {}
        self._left_out = 0
        self._room = _MOST_TEXT

    def read(self) -> Collection:
        document, given = self._document, self._environment
        self._late = frozenset(_scripts_set(document))
        layers = (variables_in(document.get("variable")),)
        around = _Around(_block(document), "collection", self._scope(layers), layers, "")
        if around.auth:
            self._auth(around.auth, "collection", around.scope)
        self._finder.look(document, "collection", "", frozenset({"item"}))
        requests = tuple(self._request(item) for item in self._items(around))
        if given:
            self._finder.look(given.document, "environment", "")
        info = document["info"]
        return Collection(
            name=plain(info.get("name"))[:_LONGEST_PLACE],
            version="2.0" if "/v2.0" in plain(info.get("schema")) else "2.1",
            auths=tuple(self._auths.values()),
            requests=requests,
            secrets=self._finder.found,
            has_environment=given is not None,
            disabled=_together(scope.used_off for scope in self._scopes),
            cyclic=_together(scope.used_cyclic for scope in self._scopes),
            requests_left_out=self._left_out,
        )

    def _scope(self, layers: tuple[Mapping[str, Variable], ...]) -> Scope:
        """Return the variables of a place: environment, folders from the inside, collection, globals."""
        given = self._environment
        outer = (given.variables,) if given else ()
        scope = Scope((*layers, *outer) if given and given.is_globals else (*outer, *layers), self._late)
        self._scopes.append(scope)
        return scope

    # -- items ---------------------------------------------------------------------------------------------------------

    def _items(self, around: _Around) -> Iterator[_Item]:
        """Yield the requests in the order of the file; folders as deep as they are."""
        stack = [(item, around) for item in reversed(_list(self._document.get("item")))]
        taken = 0
        while stack:
            item, around = stack.pop()
            if not isinstance(item, dict):
                continue
            name = plain(item.get("name"))[:_LONGEST_PLACE] or "?"
            place = _path(around.path, name)
            if isinstance(item.get("item"), list):
                self._finder.look(item, place, "", frozenset({"item"}))
                inner = self._inside(around, item, place)
                stack.extend((child, inner) for child in reversed(item["item"]))
                continue
            if "request" not in item:
                continue
            taken += 1
            if taken > _MOST or self._room <= 0:
                self._left_out += 1
                continue
            self._finder.look(item, place, "")
            yield self._item(item, place, around)

    def _inside(self, around: _Around, item: dict[str, Any], place: str) -> _Around:
        """Return what the items of a folder inherit."""
        block = _block(item)
        found = replace(around, path=place)
        if block is not None:
            found = replace(found, auth=block, auth_place=place)
        own = variables_in(item.get("variable"))
        layers = (own, *around.layers)
        size = sum(map(len, layers)) if own else 0
        if own and self._variables + size <= _MOST_VARIABLES:
            self._variables += size
            found = replace(found, layers=layers, scope=self._scope(layers))
        return found

    def _item(self, item: dict[str, Any], place: str, around: _Around) -> _Item:
        request = item["request"]
        block = _block(request) if isinstance(request, dict) else None
        if block is None:
            return _Item(place, raw_request(request), around.auth, around.auth_place, around.scope)
        return _Item(place, raw_request(request), block, place, around.scope)

    def _request(self, item: _Item) -> CollectionRequest:
        key = self._auth(item.auth, item.auth_place, item.scope) if item.auth else None
        made = _request(item, self._auths.get(key))
        self._room -= len(made.url) + sum(len(value) for _, value in made.headers)
        return made

    # -- blocks --------------------------------------------------------------------------------------------------------

    def _auth(self, block: dict[str, Any], place: str, scope: Scope) -> Any:
        """Return the key of a block with its variables filled in; equal blocks have one."""
        known = self._seen.get((id(block), id(scope)))
        if known is not None:
            return known
        kind = plain(block.get("type"))
        texts = {name: scope.fill(value) for name, value in attributes(block, kind).items()}
        values = {name: text.text for name, text in texts.items()}
        open_ = {name: text.open for name, text in texts.items() if text.open}
        blank = {name: text.blank for name, text in texts.items() if text.blank}
        self._room -= sum(map(len, values.values()))
        key = (kind, *(frozenset(part.items()) for part in (values, open_, blank)))
        self._seen[id(block), id(scope)] = key
        self._auths.setdefault(key, Auth(kind, place, values, open_, blank))
        return key


def _request(item: _Item, auth: Auth | None) -> CollectionRequest:
    url = item.scope.fill(item.raw.url)
    filled: list[tuple[str, Filled]] = [("", url)]
    headers = []
    for name, value in item.raw.headers:
        title, text = item.scope.fill(name).text, item.scope.fill(value)
        headers.append((title, text.text))
        filled.append((title.lower(), text))
    return CollectionRequest(
        place=item.place,
        method=item.scope.fill(item.raw.method).text.upper(),
        url=url.text,
        headers=tuple(headers),
        auth=auth,
        content_type=next((value for name, value in headers if name.lower() == "content-type"), item.raw.content_type),
        open={name: text.open for name, text in filled if text.open},
        blank={name: text.blank for name, text in filled if text.blank},
    )


def attributes(block: dict[str, Any], kind: str) -> dict[str, str]:
    """Return the attributes of a block: v2.1's list, where the last of two with one key counts (1.1 [run]), or v2.0's
    object. A `disabled` attribute is used all the same [run]. Lists and objects (request parameters) are left out."""
    held = block.get(kind)
    pairs: Any = held.items() if isinstance(held, dict) else ()
    if isinstance(held, list):
        pairs = ((item.get("key"), item.get("value")) for item in held if isinstance(item, dict))
    return {name: plain(value) for name, value in pairs if isinstance(name, str) and not isinstance(value, list | dict)}


def _block(holder: dict[str, Any]) -> dict[str, Any] | None:
    """Return the block of its own that a collection, folder or request has; null and "inherit" are none (1.1, 1.2)."""
    block = holder.get("auth")
    kind = plain(block.get("type")) if isinstance(block, dict) else ""
    return block if isinstance(block, dict) and kind and kind != "inherit" else None


def _scripts_set(document: Any) -> Iterator[str]:
    """Yield the variables that scripts of the collection set."""
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            events = node.get("event")
            for event in _list(events):
                script = event.get("script") if isinstance(event, dict) else None
                lines = script.get("exec") if isinstance(script, dict) else script
                for line in lines if isinstance(lines, list) else [lines]:
                    if isinstance(line, str):
                        yield from names_set(line)
            stack.extend(_list(node.get("item")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _path(around: str, name: str) -> str:
    """Return the path of an item, its beginning left out where it is long."""
    path = f"{around} / {name}" if around else name
    return path if len(path) <= _LONGEST_PLACE else f"... {path[-_LONGEST_PLACE:]}"


def _together(parts: Iterator[Mapping[str, None]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part))

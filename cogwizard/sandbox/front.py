"""A CDN or proxy before an API: an address of its own, which hands calls on and may spoil them."""

import ssl
import uuid
from collections.abc import Callable
from dataclasses import replace

from cogwizard.sandbox.invoke import invoke
from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.routing import Target
from cogwizard.sandbox.server import Server
from cogwizard.sandbox.things import Front
from cogwizard.sandbox.world import World

# CloudFront's page for what it refuses itself [R].
_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>
<H2>The request could not be satisfied.</H2>Request blocked.</BODY></HTML>
"""


class FrontServer(Server):
    """Serves one front. `hand_on` answers as the sandbox does behind it."""

    signs = False

    def __init__(
        self, world: World, front: Front, hand_on: Callable[[Request], Reply], tls: ssl.SSLContext | None
    ) -> None:
        self._world, self._front, self._hand_on = world, front, hand_on
        super().__init__(0, tls)

    def now(self) -> float:
        """The time in the world."""
        return self._world.now()

    def answer(self, request: Request) -> Reply:
        """Return the API's answer with CloudFront's marks, or the front's own refusal."""
        front = self._front
        if front.refuses:
            return Reply(403, (("Server", "CloudFront"), ("Content-Type", "text/html"), *_marks(True)), _PAGE.encode())
        if front.hands_host_on:
            # No API has that name: the same answer as for a domain that is not mapped.
            reply = invoke(self._world, request, Target("", "", request.path, mapped=False))
        else:
            left = {"host", *front.drops}
            headers = tuple((name, value) for name, value in request.headers if name.lower() not in left)
            start = "" if front.origin_host else f"/_aws/execute-api/{front.rest_api_id}/{front.stage}"
            if front.origin_host:
                headers = (("Host", front.origin_host), *headers)
            target = f"{start}{front.origin_path}{request.target}"
            reply = self._hand_on(replace(request, target=target, headers=headers))
        return replace(reply, headers=(*reply.headers, *_marks(reply.status >= 400)))


def _marks(error: bool) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Cache", "Error from cloudfront" if error else "Miss from cloudfront"),
        ("Via", "1.1 front.cloudfront.net (CloudFront)"),
        ("X-Amz-Cf-Pop", "NRT57-P1"),
        ("X-Amz-Cf-Id", uuid.uuid4().hex),
    )

"""An AWS on loopback, in this process: pools that mint real tokens, an API Gateway that enforces, boto3's reads.

Nothing here is a judge of the product's judgement: the gates are written anew, from the research.
"""

from cogwizard.sandbox.engine import Sandbox
from cogwizard.sandbox.people import Message, User
from cogwizard.sandbox.pools import mint, refresh_token, tampered
from cogwizard.sandbox.restapi import Api, Config
from cogwizard.sandbox.shapes import authorizer, lambda_authorizer, method, preflight
from cogwizard.sandbox.state import state
from cogwizard.sandbox.things import ApiKey, UsagePlan
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import World

__all__ = [
    "Api",
    "ApiKey",
    "Client",
    "Config",
    "Message",
    "Pool",
    "Sandbox",
    "UsagePlan",
    "User",
    "World",
    "authorizer",
    "lambda_authorizer",
    "method",
    "mint",
    "preflight",
    "refresh_token",
    "state",
    "tampered",
]

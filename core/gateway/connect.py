"""Opens the gateway that pages use, with the limits that all windows of one hub share."""

from __future__ import annotations

from core.gateway.ango import AngoGateway
from core.gateway.hosts import clean_host
from core.gateway.limits import shared_limits
from core.gateway.protocol import Gateway
from core.secret import Secret
from core.settings import Settings


def connect(host: str, key: Secret, settings: Settings) -> Gateway:
    """A gateway to a hub; nothing is asked yet.

    Args:
        host: As somebody typed it, or one of `hosts.HOSTS`.
        key: `Secret(text)`, or `secret.key_from_environment()`.
        settings: For the most requests per minute.

    Raises:
        InputError: The host is no address, or the key would travel unencrypted.
    """
    origin = clean_host(host)
    return AngoGateway(origin, key, shared_limits(origin, settings.requests_per_minute))

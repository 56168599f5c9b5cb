"""People under other names: the same one everywhere, which does not tell the address."""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest

LETTERS = 6
_ADDRESS = re.compile(r"[^\s\"'<>,;:()\[\]{}|\\]+@[^\s\"'<>,;:()\[\]{}|\\]+")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Another name for each address: `Person K7Q2MX`.

    It is the beginning of HMAC-SHA256 (RFC 2104) of the address without blanks around and without
    case, so whoever does not have the key cannot try addresses. Of a thousand people two have
    the same name once in 2,000 times.

    Args:
        key: Secret; another key gives other names.
    """

    key: bytes = field(repr=False)

    def of(self, address: str) -> str:
        """The other name of an address."""
        about = digest(self.key, address.strip().casefold().encode("utf-8", "replace"), sha256)
        return f"Person {b32encode(about).decode('ascii')[:LETTERS]}"

    def hide(self, text: str, people: tuple[str, ...] = ()) -> str:
        """A text without the addresses of these people, or what looks like an address."""
        for person in sorted({one.strip() for one in people} - {""}, key=len, reverse=True):
            text = re.sub(re.escape(person), self.of(person), text, flags=re.IGNORECASE)
        return _ADDRESS.sub(lambda one: self.of(one.group()), text)

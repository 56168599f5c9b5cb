"""A provider of OpenID Connect on loopback: real HTTP, a real key, signed tokens, and their faults.

It lets everybody in at once as `claims` say. `wrong` makes the next tokens wrong in one way.
"""

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, CLIENT_SECRET = "switchyard", "secret-of-the-client"


class OpenIdProvider:
    """Start it with `with OpenIdProvider() as provider`."""

    def __init__(self):
        self.key, self.other_key = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("1", "1"))
        self.claims, self.wrong = {}, ""
        self.nonces, self.callbacks, self.first_nonce = {}, [], None

    def __enter__(self):
        provider = self

        class Handler(_Handler):
            world = provider

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def token(self, nonce):
        """An ID token for a sign-in, right or wrong."""
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300,
            "nonce": nonce, **self.claims,
        }  # fmt: skip
        self.first_nonce = self.first_nonce or nonce
        claims |= {
            "issuer": {"iss": "https://elsewhere.example.com"},
            "audience": {"aud": "another client"},
            "expired": {"iat": now - 7_200, "exp": now - 3_600},
            "nonce": {"nonce": self.first_nonce},
        }.get(self.wrong, {})
        key = self.other_key if self.wrong == "signature" else self.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


class _Handler(BaseHTTPRequestHandler):
    world = None

    def log_message(self, *_):
        pass

    def say(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        provider, url = self.world, urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            base = provider.url
            self.say({
                "issuer": base, "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token", "jwks_uri": f"{base}/jwks",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            })  # fmt: skip
        elif url.path == "/jwks":
            self.say({"keys": [provider.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            code = secrets.token_urlsafe(16)
            provider.nonces[code] = query["nonce"]
            answer = {"state": query["state"]}
            answer |= {"error": "access_denied"} if provider.wrong == "denied" else {"code": code}
            back = f"{query['redirect_uri']}?{urlencode(answer)}"
            provider.callbacks.append(back)
            if provider.wrong == "held":  # it has been let in and does not come back
                self.say({})
                return
            self.send_response(302)
            self.send_header("Location", back)
            self.end_headers()
        else:
            self.say({}, 404)

    def do_POST(self):
        provider = self.world
        size = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(size).decode())
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        nonce = provider.nonces.pop(form.get("code", [""])[-1], None)  # a code is good once
        if nonce is None or self.headers.get("Authorization") != f"Basic {basic}":
            self.say({"error": "invalid_grant"}, 400)
            return
        self.say({
            "access_token": "a", "token_type": "Bearer", "expires_in": 300,
            "id_token": provider.token(nonce),
        })  # fmt: skip

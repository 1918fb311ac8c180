"""Short-lived signed tokens: who calls, in which role, and what the role may do.

Tokens are JSON Web Tokens signed with Ed25519 (RFC 8037). Whoever verifies needs the public key
alone. A scope is ``<service>:<action>``; ``*:<action>`` stands for every service.

    private, public = generate_keys()
    token = issue(private, "0193...", "member")
    claims = Verifier(public).verify(token)
    claims.authorise("membership:read", own="0193...")
"""

import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import Forbidden, Unauthenticated

ALGORITHM = "EdDSA"
ROLES: dict[str, tuple[str, ...]] = {
    "member": ("*:own",),
    "reviewer": ("*:review",),
    "staff": ("*:read", "*:write"),
    "ops": ("*:read", "*:operate"),
    "integrator": (),
}
_CACHED_TOKENS = 2_000


@dataclass(frozen=True)
class Claims:
    """What a verified token says."""

    subject: str
    role: str
    scopes: frozenset[str]
    expires_at: float

    def authorise(self, scope: str, *, own: str | None = None, by: str | None = None) -> None:
        """Raise ``Forbidden`` unless the scope is granted.

        ``own`` is the record asked for: ``<service>:own`` grants the scope on one's own record.
        ``by`` is the argument that names it; without one there is no such record.
        """
        service, action = scope.split(":")
        if {scope, f"*:{action}"} & self.scopes:
            return
        owner = bool({f"{service}:own", "*:own"} & self.scopes)
        if owner and own is not None and own == self.subject:
            return
        if owner and by is not None:
            sentence = f"You may do this for yourself alone: {by} must be the id of your token."
            raise Forbidden(sentence, own=by)
        raise Forbidden(f"The scope {scope} is needed.", scope=scope)


def generate_keys() -> tuple[str, str]:
    """A new Ed25519 pair, private and public, as PEM text."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def issue(
    private_key: str,
    subject: str,
    role: str,
    *,
    issuer: str = "faculty",
    audience: str = "faculty",
    ttl_seconds: int = 900,
    scopes: tuple[str, ...] | None = None,
) -> str:
    """A signed token; the scopes default to those of the role."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "role": role,
        "scope": list(ROLES[role] if scopes is None else scopes),
        "iat": now,
        "exp": now + ttl_seconds,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(claims, private_key, algorithm=ALGORITHM)


class Verifier:
    """Verifies tokens with one or, while keys are rotated, several public keys.

    ``public_keys`` is PEM text; a second block is a second key.
    """

    def __init__(
        self, public_keys: str, *, issuer: str = "faculty", audience: str = "faculty"
    ) -> None:
        end = "-----END PUBLIC KEY-----"
        blocks = [block + end for block in public_keys.split(end) if block.strip()]
        self._keys = [serialization.load_pem_public_key(b.strip().encode()) for b in blocks]
        self._issuer, self._audience = issuer, audience
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    def verify(self, token: str | None) -> Claims:
        """The token's claims; raises ``Unauthenticated`` saying why it is not accepted."""
        if not token or not isinstance(token, str):
            raise Unauthenticated("A token is needed.", reason="missing")
        known = self._verified.get(token)
        if known is None:
            known = self._decode(token)
            self._verified[token] = known
            if len(self._verified) > _CACHED_TOKENS:
                self._verified.popitem(last=False)
        if known.expires_at <= time.time():
            self._verified.pop(token, None)
            raise Unauthenticated("The token has expired.", reason="expired")
        return known

    def _decode(self, token: str) -> Claims:
        reason: Exception = jwt.InvalidSignatureError()
        for key in self._keys:
            try:
                claims = jwt.decode(
                    token,
                    key,  # type: ignore[arg-type]
                    algorithms=[ALGORITHM],
                    issuer=self._issuer,
                    audience=self._audience,
                    options={"require": ["exp", "iat", "sub", "iss", "aud"]},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.ExpiredSignatureError:
                raise Unauthenticated("The token has expired.", reason="expired") from None
            except (jwt.InvalidTokenError, ValueError) as error:
                reason = error
                break
            return _claims(claims)
        raise Unauthenticated("The token is not valid.", reason=type(reason).__name__)


def _claims(claims: dict[str, object]) -> Claims:
    scopes = claims.get("scope")
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise Unauthenticated("The token has no list of scopes.", reason="scope")
    return Claims(
        subject=str(claims["sub"]),
        role=str(claims.get("role", "")),
        scopes=frozenset(scopes),
        expires_at=float(str(claims["exp"])),
    )

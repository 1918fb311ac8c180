"""Tokens: who calls, and what they may do."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import auth
from shared.auth import ROLES, Claims, Verifier, generate_keys, issue
from shared.errors import FacultyError, Forbidden, Unauthenticated

PRIVATE, PUBLIC = generate_keys()
SERVICES = ("membership", "programmes", "notifications", "research")
ACTIONS = ("read", "write", "review", "operate")


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(PUBLIC)


def claims_of(**changed: Any) -> dict[str, Any]:
    """What a valid token says; ``None`` leaves a claim out."""
    now = int(time.time())
    said = {
        "iss": "faculty",
        "aud": "faculty",
        "sub": "m-1",
        "role": "member",
        "scope": ["*:own"],
        "iat": now,
        "exp": now + 900,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(key: Any = PRIVATE, algorithm: str = "EdDSA", **changed: Any) -> str:
    return jwt.encode(claims_of(**changed), key, algorithm=algorithm)


def segment(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def refused(verifier: Verifier, token: Any) -> str:
    """Why the token is not accepted."""
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    return str(caught.value.details["reason"])


def granted(claims: Claims, scope: str, own: str | None = None) -> bool:
    try:
        claims.authorise(scope, own=own)
    except Forbidden:
        return False
    return True


def test_what_is_issued_verifies(verifier: Verifier) -> None:
    """Subject, role, scopes and expiry arrive as they were given."""
    before = int(time.time())
    claims = verifier.verify(issue(PRIVATE, "m-1", "reviewer", ttl_seconds=60))
    assert (claims.subject, claims.role) == ("m-1", "reviewer")
    assert claims.scopes == {"*:review"}
    assert before + 60 <= claims.expires_at <= time.time() + 60


def test_scopes_may_be_narrower_than_the_role(verifier: Verifier) -> None:
    """None at all is not the same as those of the role."""
    assert verifier.verify(issue(PRIVATE, "m-1", "staff", scopes=("a:read",))).scopes == {"a:read"}
    assert verifier.verify(issue(PRIVATE, "m-1", "staff", scopes=())).scopes == frozenset()


def test_the_private_key_is_not_needed_to_verify(verifier: Verifier) -> None:
    """A verifier is made of the public key alone and refuses to be given the private one."""
    assert verifier.verify(issue(PRIVATE, "m-1", "member"))
    with pytest.raises(ValueError, match="PEM"):
        Verifier(PRIVATE)


@pytest.mark.parametrize("token", [None, "", 7, b"abc", [], {"a": 1}, True])
def test_no_token_is_refused(verifier: Verifier, token: Any) -> None:
    """Whatever stands in its place."""
    assert refused(verifier, token) == "missing"


@pytest.mark.parametrize("token", ["\ud800", "a.\udfff.b", "\x00", "..", "a.b.c", "." * 100_000])
def test_text_that_is_no_token_is_refused(verifier: Verifier, token: str) -> None:
    """Half a character, as a header may hold, is no token either."""
    assert refused(verifier, token)


def test_bytes_are_no_token(verifier: Verifier) -> None:
    """Not even when they spell a valid one."""
    assert refused(verifier, issue(PRIVATE, "m-1", "member").encode()) == "missing"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": int(time.time()) - 1}, "expired"),
        ({"iat": int(time.time()) + 3_600}, "ImmatureSignatureError"),
        ({"nbf": int(time.time()) + 3_600}, "ImmatureSignatureError"),
        ({"iss": "somebody"}, "InvalidIssuerError"),
        ({"aud": "somebody"}, "InvalidAudienceError"),
        ({"aud": ["somebody", "else"]}, "InvalidAudienceError"),
        ({"exp": "soon"}, "DecodeError"),
        ({"exp": float("inf")}, "DecodeError"),
        ({"sub": 7}, "InvalidSubjectError"),
        *(({name: None}, "MissingRequiredClaimError") for name in ("iss", "aud", "sub")),
        *(({name: None}, "MissingRequiredClaimError") for name in ("iat", "exp")),
        ({"scope": None}, "scope"),
        ({"scope": "*:read"}, "scope"),
        ({"scope": {"*:read": True}}, "scope"),
        ({"scope": ["*:read", 7]}, "scope"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(
    verifier: Verifier, changed: dict[str, Any], reason: str
) -> None:
    """Though the signature is right; the reason is given, and no fault is passed over."""
    if changed.get("iss", "") is None or changed.get("sub") == 7:
        # PyJWT itself would not write these.
        token = jwt.api_jws.encode(json.dumps(claims_of(**changed)).encode(), PRIVATE, "EdDSA")
    else:
        token = signed(**changed)
    assert refused(verifier, token) == reason


def test_issuer_and_audience_are_those_of_the_verifier() -> None:
    """A token of another system is refused though its key is trusted."""
    here = Verifier(PUBLIC, issuer="here", audience="us")
    assert here.verify(issue(PRIVATE, "m-1", "member", issuer="here", audience="us"))
    assert refused(here, issue(PRIVATE, "m-1", "member", audience="us")) == "InvalidIssuerError"
    assert refused(here, issue(PRIVATE, "m-1", "member", issuer="here")) == "InvalidAudienceError"


def test_another_key_is_refused(verifier: Verifier) -> None:
    """Whoever signs with a key of their own is nobody."""
    other, _ = generate_keys()
    assert refused(verifier, issue(other, "m-1", "ops")) == "InvalidSignatureError"


def test_no_signature_is_no_token(verifier: Verifier) -> None:
    """``none`` is not among the algorithms, however it is spelt."""
    assert refused(verifier, signed(key=None, algorithm="none")) == "InvalidAlgorithmError"
    for name in ("None", "NONE", "nOnE", "", None):
        header = segment({"alg": name, "typ": "JWT"})
        for signature in ("", "AAAA"):
            token = f"{header}.{segment(claims_of())}.{signature}"
            assert refused(verifier, token) == "InvalidAlgorithmError"


def test_the_public_key_is_no_shared_secret(verifier: Verifier) -> None:
    """A token signed by HMAC with the public key, which everybody has, is refused."""
    for algorithm in ("HS256", "HS384", "HS512"):
        header = segment({"alg": algorithm, "typ": "JWT"})
        said = f"{header}.{segment(claims_of())}"
        hmac = jwt.get_algorithm_by_name(algorithm)
        signature = hmac.sign(said.encode(), PUBLIC.encode())
        token = f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
        assert refused(verifier, token) == "InvalidAlgorithmError"


def test_other_algorithms_are_refused(verifier: Verifier) -> None:
    """The list is fixed; the token's own header does not choose."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    assert refused(verifier, signed(key=key, algorithm="RS256")) == "InvalidAlgorithmError"


def test_a_changed_token_is_refused(verifier: Verifier) -> None:
    """Another subject, another scope, or the signature of another token."""
    header, said, signature = issue(PRIVATE, "m-1", "member").split(".")
    for changed in ({"sub": "m-2"}, {"scope": ["*:write"]}, {"exp": int(time.time()) + 10**6}):
        forged = f"{header}.{segment(claims_of(**changed))}.{signature}"
        assert refused(verifier, forged) == "InvalidSignatureError"
    other = issue(PRIVATE, "m-2", "member").split(".")[2]
    assert refused(verifier, f"{header}.{said}.{other}") == "InvalidSignatureError"


def test_two_keys_are_trusted_while_they_are_rotated() -> None:
    """Tokens of the old and of the new key verify, in either order; a third key's do not."""
    new_private, new_public = generate_keys()
    other, _ = generate_keys()
    for keys in (PUBLIC + new_public, new_public + "\n\n" + PUBLIC, PUBLIC.strip() + new_public):
        verifier = Verifier(keys)
        assert verifier.verify(issue(PRIVATE, "old", "member")).subject == "old"
        assert verifier.verify(issue(new_private, "new", "member")).subject == "new"
        assert refused(verifier, issue(other, "m-1", "member")) == "InvalidSignatureError"
        assert refused(verifier, issue(new_private, "m-1", "member", ttl_seconds=-1)) == "expired"
    assert refused(Verifier(new_public), issue(PRIVATE, "old", "member"))


def test_a_verified_token_still_expires(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was accepted a moment ago does not help it past its time."""
    token = issue(PRIVATE, "m-1", "member", ttl_seconds=60)
    expires_at = verifier.verify(token).expires_at
    monkeypatch.setattr(time, "time", lambda: expires_at - 1)
    assert verifier.verify(token).subject == "m-1"
    monkeypatch.setattr(time, "time", lambda: expires_at)
    assert refused(verifier, token) == "expired"


def test_the_cache_is_bounded(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten, and verified again when they come again."""
    monkeypatch.setattr(auth, "_CACHED_TOKENS", 2)
    tokens = [issue(PRIVATE, f"m-{number}", "member") for number in range(4)]
    for token in tokens * 2:
        assert verifier.verify(token)
        assert len(verifier._verified) <= 2


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("member", set()),
        ("reviewer", {"review"}),
        ("staff", {"read", "write"}),
        ("ops", {"read", "operate"}),
        ("integrator", set()),
    ],
)
def test_each_role_may_do_its_part(verifier: Verifier, role: str, allowed: set[str]) -> None:
    """In every service alike, and nothing besides."""
    claims = verifier.verify(issue(PRIVATE, "m-1", role))
    for service in SERVICES:
        assert {one for one in ACTIONS if granted(claims, f"{service}:{one}")} == allowed


def test_the_table_above_holds_every_role() -> None:
    """A role that is added gets its line."""
    assert set(ROLES) == {"member", "reviewer", "staff", "ops", "integrator"}


def test_a_role_that_is_not_there_gets_no_token() -> None:
    """A typing error gives no token at all."""
    with pytest.raises(KeyError):
        issue(PRIVATE, "m-1", "admin")


def test_a_member_reaches_the_own_record_alone() -> None:
    """Where a method says which argument is the record; not another's, and not without one."""
    claims = Claims("m-1", "member", frozenset({"*:own"}), 0)
    assert granted(claims, "membership:read", own="m-1")
    for other in ("m-2", "", "M-1", "m-1 ", None):
        assert not granted(claims, "membership:read", own=other)


def test_the_own_record_may_be_that_of_one_service() -> None:
    """A scope with a service's name holds in no other service."""
    claims = Claims("m-1", "member", frozenset({"membership:own"}), 0)
    assert granted(claims, "membership:read", own="m-1")
    assert not granted(claims, "programmes:read", own="m-1")


def test_who_may_own_nothing_owns_nothing() -> None:
    """That the subject fits is no right in itself."""
    for scopes in (set(), {"*:review"}, {"programmes:read"}):
        assert not granted(Claims("m-1", "x", frozenset(scopes), 0), "membership:read", own="m-1")


def test_a_scope_holds_for_its_service_and_action() -> None:
    """One of a service, one for all; a refusal names what would be needed."""
    claims = Claims("s-1", "staff", frozenset({"membership:read", "*:review"}), 0)
    assert granted(claims, "membership:read")
    assert granted(claims, "programmes:review")
    for scope in ("membership:write", "programmes:read", "member:read", "membership:rea"):
        with pytest.raises(Forbidden) as caught:
            claims.authorise(scope)
        assert caught.value.details == {"scope": scope}


@pytest.mark.parametrize("other", ["m-2", "", None])
def test_whose_record_it_is_not_is_told_so(other: str | None) -> None:
    """And not that a scope is missing, nor whether there is such a record."""
    claims = Claims("m-1", "member", frozenset({"*:own"}), 0)
    with pytest.raises(Forbidden) as caught:
        claims.authorise("membership:read", own=other, by="member_id")
    assert caught.value.details == {"own": "member_id"}
    assert caught.value.message == (
        "You may do this for yourself alone: member_id must be the id of your token."
    )


def test_who_has_no_own_record_is_told_the_scope() -> None:
    """Whatever id they give."""
    claims = Claims("r-1", "reviewer", frozenset({"*:review"}), 0)
    with pytest.raises(Forbidden) as caught:
        claims.authorise("membership:read", own="r-1", by="member_id")
    assert caught.value.details == {"scope": "membership:read"}


def test_a_refusal_does_not_repeat_the_token(verifier: Verifier) -> None:
    """It may end up in a log."""
    token = signed(exp=1)
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    assert token not in f"{caught.value} {caught.value.details}"


SEGMENT = st.one_of(
    st.text(max_size=20),
    st.dictionaries(
        st.sampled_from(["alg", "typ", "crit", "b64", "kid", "sub", "exp"]),
        st.none() | st.booleans() | st.integers() | st.just("EdDSA") | st.lists(st.just("b64")),
    ).map(segment),
)


@settings(deadline=None)
@given(st.text() | st.lists(SEGMENT, max_size=5).map(".".join))
def test_rubbish_never_verifies(token: str) -> None:
    """And is refused as any other token is, never with another error."""
    with pytest.raises(FacultyError) as caught:
        Verifier(PUBLIC).verify(token)
    assert type(caught.value) is Unauthenticated


def test_keys_are_pairs_of_their_own() -> None:
    """Each pair is new, in PEM, and for Ed25519."""
    assert generate_keys()[0] != PRIVATE
    assert PUBLIC.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert type(load_pem_private_key(PRIVATE.encode(), None)).__name__.startswith("Ed25519")

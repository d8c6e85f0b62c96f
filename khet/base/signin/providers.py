"""LINE Login and ThaID: OpenID Connect, the code flow with state, nonce and PKCE, every ID token verified.

Our own few lines instead of allauth's social accounts: those read LINE's profile without its ID token, skip
the signature of an ID token fetched with a code, and carry no nonce; and their sign-up paths are what this
system must never do. A provider only says who somebody is. The second factor is asked as after a password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Account, today
from khet.base.org.choices import IdKind
from khet.base.org.models import PersonId
from khet.base.org.sealing import fingerprints
from khet.base.signin.models import Link

SESSION_KEY = "khet_provider"
PATIENCE = 600  # seconds a person may take at the provider
TIMEOUT = 5.0  # seconds for each call; a provider that is down must not hold a page


class ProviderFault(Refusal):
    """The provider cannot be reached, or what it said is not to be believed. Nobody is signed in."""

    status = 502


@dataclass(frozen=True)
class ProviderSpec:
    """One provider as switched on in the environment. ``linkable``: the person links it on their own page first."""

    code: str
    label: str
    icon: str
    client_id: str
    secret: str
    scope: str
    algorithms: tuple[str, ...]
    linkable: bool
    basic_auth: bool
    issuer: str
    authorize: str = ""
    token: str = ""
    keys: str = ""

    @property
    def origin(self) -> str:
        """Where the browser is sent, for the form-action of the content security policy."""
        parts = urlsplit(self.authorize or self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


def switched_on() -> list[ProviderSpec]:
    """The providers whose keys are in the environment, in the order of the buttons."""
    found = []
    if settings.KHET_THAID:
        client_id, _colon, secret = settings.KHET_THAID.partition(":")
        found.append(
            ProviderSpec(
                code="thaid", label="ThaID", icon="id-card", client_id=client_id, secret=secret,
                scope="openid pid", algorithms=("RS256", "ES256", "PS256"), linkable=False, basic_auth=True,
                issuer="https://imauth.bora.dopa.go.th",
            )
        )  # fmt: skip
    if settings.KHET_LINE_LOGIN:
        client_id, _colon, secret = settings.KHET_LINE_LOGIN.partition(":")
        found.append(
            ProviderSpec(
                code="line", label="LINE", icon="message-circle", client_id=client_id, secret=secret,
                scope="openid profile", algorithms=("HS256",), linkable=True, basic_auth=False,
                issuer="https://access.line.me",
                authorize="https://access.line.me/oauth2/v2.1/authorize",
                token="https://api.line.me/oauth2/v2.1/token",  # noqa: S106 - an address
            )
        )  # fmt: skip
    return found


def provider(code: str) -> ProviderSpec | None:
    return next((found for found in switched_on() if found.code == code), None)


def client() -> httpx.Client:
    """The client for provider calls: short patience, no redirects."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False)


def _fault(spec: ProviderSpec, code: str) -> ProviderFault:
    return ProviderFault(
        _("%(name)s ยืนยันตัวตนไม่สำเร็จ เข้าด้วยชื่อผู้ใช้และรหัสผ่านแทนได้") % {"name": spec.label}, code=f"signin.{code}"
    )


def _json(spec: ProviderSpec, response: httpx.Response) -> dict[str, Any]:
    if response.status_code != 200:
        raise _fault(spec, "provider_refused")
    try:
        data = response.json()
    except ValueError:
        raise _fault(spec, "provider_answer") from None
    if not isinstance(data, dict):
        raise _fault(spec, "provider_answer")
    return data


def endpoints(spec: ProviderSpec, http: httpx.Client) -> dict[str, str]:
    """Authorize, token and keys; discovered where not fixed, and believed only on the issuer's own host."""
    if spec.token:
        return {"issuer": spec.issuer, "authorize": spec.authorize, "token": spec.token, "keys": spec.keys}
    data = _json(spec, http.get(f"{spec.issuer}/.well-known/openid-configuration"))
    found = {
        "issuer": str(data.get("issuer", "")),
        "authorize": str(data.get("authorization_endpoint", "")),
        "token": str(data.get("token_endpoint", "")),
        "keys": str(data.get("jwks_uri", "")),
    }
    host = urlsplit(spec.issuer).netloc
    for address in found.values():
        parts = urlsplit(address)
        if parts.scheme != "https" or parts.netloc != host:
            raise _fault(spec, "provider_mixed_up")
    return found


def begin(request: HttpRequest, spec: ProviderSpec, *, callback: str, purpose: str, next_url: str) -> str:
    """Remember what was begun in this session, and return where to send the browser."""
    try:
        with client() as http:
            where = endpoints(spec, http)["authorize"]
    except httpx.HTTPError as why:
        raise _fault(spec, "provider_away") from why
    begun = {
        "provider": spec.code,
        "purpose": purpose,
        "next": next_url,
        "account": request.user.pk,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
    }
    request.session[SESSION_KEY] = begun
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun["verifier"].encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": spec.client_id,
        "redirect_uri": callback,
        "scope": spec.scope,
        "state": begun["state"],
        "nonce": begun["nonce"],
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return f"{where}?{urlencode(query)}"


def take_back(request: HttpRequest, spec: ProviderSpec) -> dict[str, Any]:
    """What this session began, once: a second, foreign or late return finds nothing."""
    begun = request.session.pop(SESSION_KEY, None)
    given = request.GET.get("state", "")
    if (
        not begun
        or begun["provider"] != spec.code
        or time.time() - begun["at"] > PATIENCE
        or not hmac.compare_digest(begun["state"].encode(), given.encode())
    ):
        raise _fault(spec, "provider_state")
    return begun


def identity(
    request: HttpRequest, spec: ProviderSpec, begun: dict[str, Any], callback: str
) -> dict[str, Any]:
    """Exchange the code and verify the ID token; returns ``subject`` and ``name``. ``ProviderFault`` else."""
    code = request.GET.get("code", "")
    if not code or "error" in request.GET:
        raise _fault(spec, "provider_cancelled")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": begun["verifier"],
    }
    auth = None
    if spec.basic_auth:
        auth = httpx.BasicAuth(spec.client_id, spec.secret)
    else:
        form |= {"client_id": spec.client_id, "client_secret": spec.secret}
    try:
        with client() as http:
            where = endpoints(spec, http)
            answer = _json(spec, http.post(where["token"], data=form, auth=auth))
            claims = verified(spec, where, http, str(answer.get("id_token", "")))
    except httpx.HTTPError as why:
        raise _fault(spec, "provider_away") from why
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun["nonce"].encode()):
        raise _fault(spec, "provider_nonce")
    if spec.code == "thaid":
        told = {str(source["pid"]) for source in (claims, answer) if source.get("pid")}
        if len(told) != 1:
            raise _fault(spec, "provider_pid")
        return {"subject": told.pop(), "name": ""}
    return {"subject": str(claims["sub"]), "name": str(claims.get("name", ""))}


def verified(spec: ProviderSpec, where: dict[str, str], http: httpx.Client, token: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience and times are right."""
    try:
        key: Any = spec.secret
        if "HS256" not in spec.algorithms:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in spec.algorithms:
                raise _fault(spec, "provider_algorithm")
            listed = _json(spec, http.get(where["keys"])).get("keys", [])
            kid = header.get("kid")
            fitting = [
                k for k in listed if k.get("kty") in {"RSA", "EC"} and (kid is None or k.get("kid") == kid)
            ]
            if len(fitting) != 1:
                raise _fault(spec, "provider_key")
            key = jwt.PyJWK.from_dict(fitting[0], algorithm=header["alg"]).key
        return jwt.decode(
            token,
            key,
            algorithms=list(spec.algorithms),
            audience=spec.client_id,
            issuer=where["issuer"],
            leeway=60,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "strict_aud": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as why:
        raise _fault(spec, "provider_token") from why


def account_of(spec: ProviderSpec, subject: str) -> Account | None:
    """The account this identity belongs to: linked before, or of the person with this citizen id. Never made."""
    if spec.code == "thaid":
        held = (
            PersonId.objects.on(today())
            .filter(kind=IdKind.CITIZEN, fingerprint__in=fingerprints(subject, IdKind.CITIZEN))
            .values("person")
        )
        return Account.objects.select_related("person").filter(person__in=held).first()
    link = (
        Link.objects.select_related("account__person")
        .filter(provider=spec.code, fingerprint__in=fingerprints(subject, spec.code))
        .first()
    )
    if link is None:
        return None
    Link.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return link.account

"""Who asks the API: the holder of a token, and nobody by a cookie."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from dialogue import clock
from dialogue.models import ApiToken, Person
from dialogue.services.tokens import hash_of

KEYWORD = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. The look-up is by hash: how near a guess came shows nowhere."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        """Return the person and the token, or None where no token was sent.

        Raises:
            AuthenticationFailed: the token is unknown, has run out, was revoked, or its person may not sign in.
        """
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != KEYWORD.lower():
            return None
        sent = words[1] if len(words) == 2 else ""
        tokens = ApiToken.objects.valid(clock.now()).select_related("person")
        token = tokens.filter(token_hash=hash_of(sent)).first()
        if token is None:
            raise AuthenticationFailed
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        """Return what makes a refusal a 401: the way to be let in."""
        return KEYWORD


class TokenScheme(OpenApiAuthenticationExtension):
    """The same in the words of OpenAPI."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

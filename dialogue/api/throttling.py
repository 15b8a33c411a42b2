"""How often one token may ask."""

from django.views import View
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """The rate named `token` in the settings, counted for each token by itself."""

    scope = "token"

    def get_rate(self) -> str | None:
        """Return the rate as the settings have it now, not as they had it when this class was made."""
        return api_settings.DEFAULT_THROTTLE_RATES[self.scope]

    def get_cache_key(self, request: Request, view: View) -> str | None:
        return f"api-token-{request.auth.pk}" if request.auth else None

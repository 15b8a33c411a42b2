"""What each page of the demo knows of it."""

from typing import Any

from django.http import HttpRequest

from dialogue import clock


def demo(request: HttpRequest) -> dict[str, Any]:
    """Give pages the demo's moment, for the strip at their top."""
    return {"demo_now": clock.now()}

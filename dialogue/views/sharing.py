"""What advice is and what sharing is, with a box to try it. Open to everybody: it shows nothing of anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue.core.language import advice_in
from dialogue.forms.sharing import TryForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest) -> HttpResponse:
    """Explain the line before sending; on POST show which passages of a text advise. The text is kept nowhere."""
    form = TryForm(request.POST or None)
    tried = request.method == "POST" and form.is_valid()
    passages = advice_in(form.cleaned_data["text"], use="line") if tried else []
    return render(request, "dialogue/sharing.html", {"form": form, "tried": tried, "passages": passages})

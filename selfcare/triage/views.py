"""What the phone evaluates."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from selfcare.triage import catalogue


class CatalogueView(APIView):
    """The clinical content of this installation: public, and the same for everybody who reads its language."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="catalogue_read",
        summary="Read the catalogue that the phone evaluates",
        description=(
            "Rules, questions, advice, vocabulary and numbers by country, with version, expiry and safety label. "
            "Its texts are in the language of X-Language or Accept-Language; rules and names have none. "
            "Send the ETag back in If-None-Match: 304 means that nothing has changed."
        ),
        responses={
            200: OpenApiResponse(OpenApiTypes.OBJECT, description="The catalogue."),
            304: OpenApiResponse(description="Not changed."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the catalogue as JSON, or 304 when the phone already has it."""
        return _catalogue_response(request._request)


def _catalogue_response(request: HttpRequest) -> HttpResponse:
    content = catalogue.shown()
    etag = f'"{content.etag}"'
    response = HttpResponse(content.phone_json, content_type="application/json", headers={"ETag": etag})
    response.headers["Cache-Control"] = "no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    answer.headers["Cache-Control"] = "no-cache"
    return answer

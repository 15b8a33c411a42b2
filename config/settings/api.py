"""The API: tokens that run out, JSON only, described by OpenAPI. A browser's cookie opens nothing here."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["dialogue.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_THROTTLE_CLASSES": ["dialogue.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": "120/min"},
    "DEFAULT_METADATA_CLASS": None,  # the schema describes; OPTIONS is one more door to guard
    "DEFAULT_VERSIONING_CLASS": None,
    "PAGE_SIZE": 50,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Madoi",
    "DESCRIPTION": (
        "Intergenerational dialogue programmes: cohorts, sessions, equal turns. "
        "A token sees what the pages of its person show. What it may not see is answered with 404."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CadenceEnum": "dialogue.models.Term.Cadence",
        "CohortStatusEnum": "dialogue.models.Cohort.Status",
        "RunStatusEnum": "matching.models.MatchRun.Status",
        "SessionStatusEnum": "sessions.models.DialogueSession.Status",
        "AnswerEnum": "sessions.models.Attendance.Answer",
        "GenerationEnum": "dialogue.models.Generation",
        "WaitingReasonEnum": "dialogue.models.Participation.WaitingReason",
    },
}

"""Signing in: by a code sent to the person's address, and a passkey or TOTP for those who look after others.

Nobody signs up by themselves and nobody has a password: an account comes from a roster, a join link or an
administrator. The limits per address stay at allauth's own; those per IP address let a classroom of 60
behind one address in (allauth's own would refuse 40 of them).
"""

from config.settings.security import TRUSTED_PROXY_COUNT

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}  # phone keypads; safe with 5 tries

ACCOUNT_ADAPTER = "dialogue.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "dialogue.account_forms.SignInForm",
    "confirm_login_code": "dialogue.account_forms.NumberForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # reading the code is the verification
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "request_login_code": "300/m/ip,3/m/key",
    "login_failed": "300/m/ip,5/300s/key",
}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Madoi"

"""Signing in: by a code sent to the person's address, and a passkey or TOTP for those who look after others.

Nobody signs up by themselves and nobody has a password: an account comes from a roster, a join link or an
administrator. The limits per network let a classroom of 60 behind one address in (allauth's own would refuse
40 of them); what bounds a guesser is counted per mail address and for the whole site (dialogue.sign_in_limits).
"""

from config.env import IN_PRODUCTION, read
from config.settings.security import TRUSTED_PROXY_COUNT

AUTHENTICATION_BACKENDS = ["config.signed_in.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

ACCOUNT_ADAPTER = "dialogue.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "dialogue.forms.accounts.SignInForm",
    "confirm_login_code": "dialogue.forms.accounts.NumberForm",
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
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 20  # times in one visit; the limits below come first
NUMBER_MAIL_PAUSE = 0.5  # seconds, on average, until the mail leaves; see dialogue.accounts
ACCOUNT_LOGIN_TIMEOUT = 3600  # of a visit with new numbers in it; each number has its own 600 seconds
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/300s/key",
    # How these bound a guesser and a mail bomber is worked out in dialogue.sign_in_limits.
    "request_login_code": "300/m/ip,3/m/key,10/h/key",
    "numbers_of_an_address": "30/h/key",
    "check_number": "300/m/ip",
    "sign_up_started": "300/m/ip",
    "tries_of_a_number": "5/h/key",
    # Their names sort after all others: when the cache is full, it is emptied from the front of the alphabet.
    "wrong_number": "10/d/key",
    "wrong_number_anywhere": "100/d/key",
}
KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser" if IN_PRODUCTION else "known-browser"

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Madoi"
MFA_ADAPTER = "dialogue.second_factor.MFAAdapter"
REQUIRE_SECOND_FACTOR = read.bool("REQUIRE_SECOND_FACTOR", default=IN_PRODUCTION)

"""Languages and time: Japanese first, English whole; UTC inside, the reader's zone on pages."""

from config.env import BASE_DIR

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
HOME_ZONE = "Asia/Tokyo"  # of readers who are not signed in

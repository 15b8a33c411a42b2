"""Static files named by their content, and the modules that a module imports by these names too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """One module has one address: two that import a third share it, and a new one is never mixed with an old one."""

    support_js_module_import_aggregation = True

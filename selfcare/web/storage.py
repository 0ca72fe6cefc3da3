"""Static files with the hash of their content in the name, in the images that modules of ours import too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    """Hashed names that also reach the import lines of ES modules."""

    support_js_module_import_aggregation = True

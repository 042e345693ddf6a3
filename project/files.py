"""Where the files that people send are kept: on this machine's disk, or in a bucket that speaks S3."""

from pathlib import Path
from typing import Any

from project import env


def files(folder: Path, bucket: str) -> dict[str, Any]:
    """The value of STORAGES["files"]. Keys and region of S3 are read from the usual AWS_… variables."""
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.url("FILES_S3_URL", ("http", "https"), "https://s3.example.org") or None,
        "default_acl": "private",
        "querystring_auth": True,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}

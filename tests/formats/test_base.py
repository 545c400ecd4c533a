"""What all formats share: dates, authors, parts of archives."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.formats.base import InputError, TooLargeError, member


def test_parts_of_archives() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("起因.txt", "排期" * 5_000)
    with zipfile.ZipFile(out) as archive:
        assert member(archive, "起因.txt", "a.zip").decode() == "排期" * 5_000
        with pytest.raises(TooLargeError, match="unpacks to more than"):
            member(archive, "起因.txt", "a.zip", 29_999)
    data = out.getvalue()
    broken = data[:50] + b"\xff" * 10 + data[60:]
    with (
        zipfile.ZipFile(io.BytesIO(broken)) as archive,
        pytest.raises(InputError, match=r"a\.zip: 起因\.txt in it is damaged"),
    ):
        member(archive, "起因.txt", "a.zip")

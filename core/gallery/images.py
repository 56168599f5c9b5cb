"""An asset's image, where the hub keeps it itself; nothing is fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError

from core.errors import InputError
from core.file_links import path_of
from core.model.figures import counted

LOOPBACK = ("", "127.0.0.1", "localhost", "::1")
MOST_PIXELS = 40_000_000


def kept_file(data: str | None, files: Path) -> Path | None:
    """The file behind an asset's link, or None for an asset that is kept elsewhere.

    Args:
        data: The asset's link.
        files: Folder of the hub's files.
    """
    try:
        host = urlsplit(data or "").hostname or ""
    except ValueError:
        return None
    path = path_of(data) if data and host in LOOPBACK else None
    if path is None:
        return None
    file = files.joinpath(*path.split("/"))
    return file if file.is_file() else None


def open_image(file: Path) -> Image.Image:
    """The image of a file.

    Raises:
        InputError: It is no image, or too large to draw on.
    """
    try:
        with Image.open(file) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                message = f"has {counted(width)} × {counted(height)} pixels, too many to draw on."
                raise InputError(file.name, message, "Look at it in Ango Hub.")
            return image.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise InputError(file.name, "is no image that can be shown.", "It was left out.") from error

"""Write the answers that come with hegemon: the room that the explorer opens first, and those most asked about.

    python tools/shipped.py [FOLDER]

In FOLDER what is finished is kept, and not computed again.

To be run whenever the model's code or what comes with it has changed; a test says so. Takes minutes.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from hegemon.server.shipped import ASKED
from hegemon.studies.asking import ask
from hegemon.studies.folder import manifest_of
from hegemon.studies.room.question import RoomQuestion

TARGET = Path(__file__).parents[1] / "src" / "hegemon" / "server" / "shipped"
EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(folder: Path, target: Path) -> None:
    """A result's folder as a zip: what it consists of, and no page."""
    files = ["manifest.json", *manifest_of(folder).files]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), (folder / name).read_bytes(), zipfile.ZIP_LZMA)


def main() -> None:
    made = set()
    for asked in ASKED:
        question = RoomQuestion.of(dict(asked))
        with TemporaryDirectory() as scratch:
            folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch) / question.key()
            ask(question, out=folder)
            target = TARGET / f"{question.key()}.zip"
            packed(folder, target)
            made.add(target)
        print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")
    for old in set(TARGET.glob("*.zip")) - made:
        old.unlink()


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    main()

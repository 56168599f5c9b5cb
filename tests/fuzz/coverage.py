"""Readers under bytes that cover ever more of their code: `make fuzz`, or one by name.

Each reader runs in a process of its own for so many seconds, from its good texts on. A reader that
raises anything but a `SwitchyardError` ends it; the bytes are printed and kept.
"""

import argparse
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SECONDS, LONGEST_BYTES = 30, 65_536


def one(name, seconds, folder):
    """Run a reader in this process until it fails or the time is over."""
    import atheris

    with atheris.instrument_imports(include=["core"]):
        from fuzz.readers import READERS

        from core.errors import SwitchyardError
    read, good = READERS[name]
    seeds = Path(folder, "seeds")
    seeds.mkdir()
    for place, text in enumerate(good):
        (seeds / str(place)).write_bytes(text)

    def test(data):
        with suppress(SwitchyardError):
            read(data)

    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST_BYTES}", "-rss_limit_mb=4096"]
    kept = f"-artifact_prefix={folder}/"
    atheris.Setup([sys.argv[0], *limits, "-timeout=20", "-verbosity=1", kept, str(seeds)], test)
    atheris.Fuzz()


def every(names, seconds):
    """Run readers one after the other; gives how many failed."""
    failed = 0
    for name in names:
        with TemporaryDirectory(prefix="switchyard-fuzz-") as folder:
            done = subprocess.run(
                [sys.executable, __file__, name, "--seconds", str(seconds), "--in", folder],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
            last = [line for line in done.stderr.splitlines() if line.startswith(("#", "Done"))]
            print(
                f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} {last[-1] if last else ''}"
            )
            if done.returncode:
                failed += 1
                print(done.stdout[-3000:], done.stderr[-3000:])
                for path in Path(folder).glob("crash-*"):
                    print(path.read_bytes()[:2000])
            sys.stdout.flush()
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--in", dest="folder")
    args = parser.parse_args()
    if args.folder:
        one(args.names[0], args.seconds, args.folder)
        return 0
    from fuzz.readers import READERS

    return every(args.names or sorted(READERS), args.seconds) and 1


if __name__ == "__main__":
    sys.exit(main())

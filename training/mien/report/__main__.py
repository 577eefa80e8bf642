"""The report of a run: one HTML file and its pictures.

python -m mien.report RUN_FOLDER|CHECKPOINT.safetensors [--data DIR] [--out DIR]
"""

import argparse
from pathlib import Path

from mien.datasets import SHARED_DATA
from mien.report.build import write_report
from mien.start import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="mien.report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("subject", type=Path, help="a run's folder, or one checkpoint")
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument(
        "--out", type=Path, help="default: report/ in the run's folder, or runs/<checkpoint>-report; pictures of faces "
        "lie there, so keep it to yourself"
    )  # fmt: skip
    options = parser.parse_args()
    subject: Path = options.subject
    default = subject / "report" if subject.is_dir() else ROOT / "runs" / f"{subject.stem}-report"
    try:
        print(write_report(subject, options.data, options.out or default, ROOT / ".cache"))
    except (OSError, ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.report: {error}") from error


if __name__ == "__main__":
    main()

"""Every family against transformers: the largest difference of each check, as a Markdown table.

    python -m bench parity [NAME …]

Random models at odd sizes, float32; what is compared and how stands in tests/models/family_cases.py. A model
in the table is not a trained one: what differs between families is how they compute, and that is all here.
"""

import sys
import tempfile
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))  # the cases live with the tests


def main() -> None:
    from tests.models.family_cases import BOUNDS, all_cases, measure

    torch.set_num_threads(1)
    checks = list(BOUNDS)
    print("| family | " + " | ".join(checks) + " |\n|---|" + "---|" * len(checks))
    worst = dict.fromkeys(checks, 0.0)
    for name, case in all_cases().items():
        with tempfile.TemporaryDirectory() as folder:
            found = measure(case, Path(folder))
        for check, value in found.items():
            worst[check] = max(worst[check], value)
        cells = (f"{found[check]:.1e}" if check in found else "–" for check in checks)
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print("| **worst** | " + " | ".join(f"{worst[check]:.1e}" for check in checks) + " |")
    print("| allowed | " + " | ".join(f"{BOUNDS[check]:.0e}" for check in checks) + " |")


if __name__ == "__main__":
    main()

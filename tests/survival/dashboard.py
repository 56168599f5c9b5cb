"""A dashboard's writer: what its pages do at each edit, by their own services, again and again.

python dashboard.py DRAFT ACKS
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.errors import StoreUnavailable
from pages._ui.services import services

DRAFT, ACKS = sys.argv[1:]
drafts = services().drafts
with Path(ACKS).open("a", buffering=1) as acks:
    number = 0
    while True:
        number += 1
        try:
            drafts.save(drafts.get(DRAFT), f"[{number}]", "somebody")
        except StoreUnavailable:
            continue
        acks.write(f"{number}\n")

"""`python -m core`; for `up` only what it needs is loaded, since people wait for its page."""

import sys

if sys.argv[1:2] == ["up"]:
    from core.cli.up import main
else:
    from core.cli.main import main

sys.exit(main())

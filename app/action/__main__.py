"""`python -I -m app.action`: one run of the Action."""

import sys

from app.action.run import main

sys.exit(main())

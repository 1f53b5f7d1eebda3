"""`make storm`: see :mod:`tests.storm.storm`."""

import sys

from tests.storm.storm import main

sys.exit(main())

"""Clients that ask as fast as they get answers, for some seconds: how many answers a second.

python -m bench.callers TOKEN PATH SECONDS AT-ONCE PORT …
"""

import sys
import threading
import time

from bench.servers import Caller


def main(token: str, path: str, seconds: float, at_once: int, ports: list[int]) -> None:
    """Ask, and write the figure."""
    counts = [0] * at_once
    ends = time.monotonic() + seconds

    def ask(place: int) -> None:
        caller = Caller(ports[place % len(ports)], path, token)
        while time.monotonic() < ends:
            caller.get()
            counts[place] += 1
        caller.close()

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(at_once)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    sys.stdout.write(f"{sum(counts) / seconds}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), [int(each) for each in sys.argv[5:]])

"""Tells the computer at the other end what is shown. Application layer; loaded, then dropped.

One line of JSON after `@status`: what light and screen say, without any secret.
"""

import gc
import json

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.app.pages import Page
    from postlamp.app.status import Status


def tell(status: "Status", page: "Page") -> None:
    """Print the line; of the page the texts that are not empty."""
    gc.collect()  # so that heap_free is what is free, not what was not yet collected
    print(
        "@status",
        json.dumps(
            {
                "state": status.state,
                "cause": status.cause,
                "detail": status.detail,
                "account": status.account,
                "unseen": status.unseen,
                "proven_age_s": status.age_s,
                "screen": [text for text in page[1:] if text],
                "reconnects": status.reconnects,
                "heap_free": gc.mem_free(),
            }
        ),
    )

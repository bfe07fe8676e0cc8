"""One pool for every download of a run, shared by all configs. What it promises:

 1. At most `connections` transfers at once, all hosts and configs together; their connections are kept.
 2. Nobody is starved: configs are served in turns; one with a single download waits for what is under way, at most
    twice as many as `connections`, and for one download of each other config.
 3. What was asked for comes back: each download is a blob or a failure in words, and a failure fails no other.
 4. A blob is whole, of the format that was asked for, and not larger than allowed; equal bytes are one file.
 5. An address is fetched once, whoever asks, unless all who waited for it have gone, it failed, or `forget` was called.
 6. What may pass is tried again, from where it broke off if the server can; what has expired never is.
 7. A disposed download is gone: it leaves the queue, or its socket is closed, unless somebody else waits for it.
 8. No token, cookie or name leaves; redirects lead to https only, or stay on this machine.

`pool` is the queue, `exchange` one download over HTTP, `kinds` what bytes are, `store` the folder of blobs, `failures`
the words. Nothing here knows Figma; whoever asks knows what an address was for, and asks for a new one.
"""

from exfig_rx.download.exchange import Download
from exfig_rx.download.failures import DownloadFailed
from exfig_rx.download.pool import DownloadPool, open_pool

__all__ = ["Download", "DownloadFailed", "DownloadPool", "open_pool"]

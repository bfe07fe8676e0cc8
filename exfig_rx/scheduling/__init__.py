"""One scheduler for every API request of a token, shared by all configs. What it promises:

 1. No window of 60 s holds more sends of a tier than its limit, refused and retried ones included.
 2. Nothing is sent during a pause: from a 429 until the latest deadline that any 429 gave, plus jitter.
 3. Nothing is lost: every request that nobody disposes of is answered, or fails with a reason.
 4. Nothing is sent twice unless it was refused.
 5. Nobody is starved: a config with one request waits for at most one of each other config.
 6. Nothing idles: with room in the limits and work in the queue, something is sent.
 7. A disposed request is gone: it leaves the queue, or its send is cancelled and stays counted.

Each has a property test of the same words. `limits` is the table, `pacer` the pace of one tier as a pure function,
`fair_queue` whose turn it is, `permits` joins the three, `scheduler` sends, `coalescer` and `single_flight` ask less;
docs/scheduler.md has the proofs.
"""

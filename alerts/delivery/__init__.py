"""How a message reaches people once its page is live: an outbox a channel, worked off by the worker."""

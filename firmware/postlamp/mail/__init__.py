"""One account over one connection: session, watcher, backoff."""

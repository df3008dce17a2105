"""Jobs read in the background: a worker that takes what waits in the store."""

from service.jobs.worker import Worker

__all__ = ["Worker"]

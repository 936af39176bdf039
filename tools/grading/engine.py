"""Who runs the jobs: threads of this process, each with a sandbox, or the workers of a Dask cluster."""

import logging
import os
import pickle
import queue
import socket
import sys
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from tools import submissions
from tools.grading import job
from tools.grading.job import Graded
from tools.grading.sandbox import NoSandbox, Sandbox
from tools.submissions import Damaged


class Here:
    """This machine: a thread a processor. What costs time runs in the sandboxes, which are processes."""

    def __init__(self, unsafe=False, workers=None):
        self.unsafe, self.workers = unsafe, workers or os.cpu_count() or 1
        self.own, self.sandboxes, self.open = threading.local(), [], True

    def __enter__(self):
        self.pool = ThreadPoolExecutor(self.workers)
        return self

    def __exit__(self, *_):
        self.open = False
        self.pool.shutdown(wait=False, cancel_futures=True)
        for sandbox in self.sandboxes:
            sandbox.end()
        self.pool.shutdown(wait=True)

    def run(self, asked):
        """Grade what is asked, (name, assignment, path or bytes). Yields (name, data, Graded) when done."""
        futures = {self.pool.submit(self._one, *one): one[0] for one in asked}
        for future in as_completed(futures):
            data, graded = future.result()
            yield futures.pop(future), data, graded

    def _one(self, _, assignment, what):
        try:
            data = what if isinstance(what, bytes) else submissions.content(what)
        except Damaged as error:
            return b"", Graded(why=str(error))
        try:
            return data, job.grade(assignment, data, self._sandbox())
        except NoSandbox:
            raise
        except Exception as error:
            if not self.open:
                return data, Graded(why="grading was stopped.")
            return data, Graded(why=f"grading stopped with {type(error).__name__}: {error}")

    def _sandbox(self):
        if not hasattr(self.own, "sandbox"):
            self.own.sandbox = Sandbox(self.unsafe)
            self.sandboxes.append(self.own.sandbox)
        return self.own.sandbox


class Cluster:
    """The workers of a Dask cluster: the same jobs. What a worker had that died, another one gets."""

    AT_ONCE = 1000  # submissions that are on their way: this process and the scheduler hold them
    SECONDS = 20.0  # to reach the scheduler
    PATIENCE = 60.0  # seconds without a result, after which there must still be a worker

    def __init__(self, address, unsafe=False):
        self.address, self.unsafe = address, unsafe

    def __enter__(self):
        try:
            import dask
            import distributed
        except ImportError:
            raise NoSandbox(
                f"a cluster needs Dask, here and there: {sys.executable} -m pip install distributed"
            ) from None
        # What is wrong, this class says itself; and a hand-in with many pictures is no reason to warn.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})
        try:
            distributed.comm.resolve_address(self.address)  # of a wrong one, a client never ends
            self.client = distributed.Client(self.address, timeout=self.SECONDS, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise self._trouble(f"there is no Dask scheduler at {self.address} ({error})") from None
        try:
            self._need_workers()
        except NoSandbox:
            self.client.close()
            raise
        return self

    def __exit__(self, *_):
        self.client.close()

    def run(self, asked):
        """As `Here.run`."""
        asked, under_way, done = iter(asked), {}, queue.SimpleQueue()
        while True:
            while len(under_way) < self.AT_ONCE and (one := next(asked, None)):
                name, assignment, what = one
                try:
                    data = what if isinstance(what, bytes) else submissions.content(what)
                except Damaged as error:
                    yield name, b"", Graded(why=str(error))
                    continue
                work = _Call(_remote, assignment, data, assignment.key(data), self.unsafe)
                future = self.client.submit(pickle.loads, pickle.dumps(work), pure=False)
                under_way[future] = name, data
                future.add_done_callback(done.put)
            if not under_way:
                return
            try:
                future = done.get(timeout=self.PATIENCE)
            except queue.Empty:
                self._need_workers()
                continue
            yield *under_way.pop(future), self._graded(future)

    def _graded(self, future):
        import distributed

        try:
            return future.result()
        except NoSandbox:
            raise
        except distributed.KilledWorker:
            return Graded(why="each worker of the cluster that was given it died.")
        except CancelledError:
            raise self._trouble(f"the Dask scheduler at {self.address} has gone") from None
        except Exception as error:
            raise self._trouble(
                f"a worker of the cluster does not take its work ({type(error).__name__}: {error})"
            ) from None

    def _need_workers(self):
        if not self.client.nthreads():
            raise self._trouble(f"the cluster at {self.address} has no workers")

    def _trouble(self, what):
        return NoSandbox(
            f"{what}. The scheduler: .venv/bin/dask scheduler. A worker, on each machine, in its folder of "
            "this course: .venv/bin/python -m distributed.cli.dask_worker tcp://<the scheduler's>:8786"
        )


class _Call:
    """A call that `pickle.loads` makes. On its way it is bytes: the scheduler needs no course."""

    def __init__(self, function, *given):
        self.function, self.given = function, given

    def __reduce__(self):
        return self.function, self.given


_OWN = threading.local()


def _remote(assignment, data, key, unsafe):
    """What a worker of the cluster does. Each of its threads has a sandbox, which ends with it."""
    if assignment.key(data) != key:
        raise NoSandbox(
            f"the worker on {socket.gethostname()} has another version of the course, or of torch, than this "
            "machine: bring it to the same one, start it anew, and grade again."
        )
    sandboxes = vars(_OWN).setdefault("sandboxes", {})
    if unsafe not in sandboxes:
        sandboxes[unsafe] = Sandbox(unsafe)
    try:
        return job.grade(assignment, data, sandboxes[unsafe])
    except NoSandbox:
        raise
    except Exception as error:
        return Graded(why=f"grading stopped with {type(error).__name__}: {error}")


@contextmanager
def engine(cluster, unsafe):
    with Cluster(cluster, unsafe) if cluster else Here(unsafe) as one:
        yield one

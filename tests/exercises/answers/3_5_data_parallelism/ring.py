# %% wrong: Everyone sends everything. | feedback: that is the whole gradient
def ring(mine, send):
    N = len(mine)
    going = [one.clone() for one in mine]
    for _ in range(N - 1):
        going = send(going)
        for r in range(N):
            mine[r].add_(going[r])

# %% wrong: The all-gather adds, too. | feedback: what worker r gets replaces its chunk
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N].add_(received[r])

# %% wrong: The reduce-scatter replaces. | feedback: what comes is added
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].copy_(received[r])

# %% wrong: What comes belongs to the chunk that was sent. | feedback: it still is what it was at the start
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - s) % N].add_(received[r])

# %% wrong: The all-gather begins with the worker's own number. | feedback: (r + 1 − s) mod N is
# -        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
# -        for r in range(N):
# -            chunks[r][(r - s) % N].copy_(received[r])
        received = send([chunks[r][(r - s) % N] for r in range(N)])
        for r in range(N):
            chunks[r][(r - 1 - s) % N].copy_(received[r])

# %% wrong: All begin with chunk 0. | feedback: (r − s) mod N is
# -        received = send([chunks[r][(r - s) % N] for r in range(N)])
# -        for r in range(N):
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
        received = send([chunks[r][s] for r in range(N)])
        for r in range(N):
            chunks[r][s].add_(received[r])

# %% wrong: The chunks go up, not down. | feedback: (r − s) mod N is
# -        received = send([chunks[r][(r - s) % N] for r in range(N)])
# -        for r in range(N):
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
        received = send([chunks[r][(r + s) % N] for r in range(N)])
        for r in range(N):
            chunks[r][(r - 1 + s) % N].add_(received[r])

# %% wrong: N steps are needed, for N workers. | feedback: is called more than 2 times
# -    for s in range(N - 1):
# -        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
    for s in range(N):
        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])

# %% wrong: The sums need not be passed on. | feedback: N − 1 calls to add up, and N − 1 to pass the sums on
# -    for s in range(N - 1):
# -        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
# -        for r in range(N):
# -            chunks[r][(r - s) % N].copy_(received[r])

# %% wrong: Asked for is the mean. | feedback: that is the mean. Asked for is the sum
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N].copy_(received[r])
    for gradient in mine:
        gradient.div_(N)

# %% wrong: The finished sum is divided before it is passed on. | feedback: is it the sum of all?
# -    for s in range(N - 1):
# -        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
    for r in range(N):
        chunks[r][(r + 1) % N].div_(N)
    for s in range(N - 1):
        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])

# %% wrong: chunk(N) makes N chunks. | feedback: tensor_split
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [gradient.chunk(N) for gradient in mine]

# %% wrong: The last chunk takes what is left. | feedback: the first L mod N chunks are the longer ones
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    size = len(mine[0]) // N
    chunks = [gradient.split([size] * (N - 1) + [len(mine[0]) - size * (N - 1)]) for gradient in mine]

# %% wrong: The chunks are copies. | feedback: it is what it was at the start
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [[chunk.clone() for chunk in gradient.tensor_split(N)] for gradient in mine]

# %% wrong: The list gets new tensors. | feedback: the list mine holds other tensors now
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [[chunk.clone() for chunk in gradient.tensor_split(N)] for gradient in mine]
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N].copy_(received[r])
    for r in range(N):
        mine[r] = torch.cat(chunks[r])

# %% wrong: One reads what the neighbour holds. | feedback: what replaced it is a chunk as its left neighbour has it, and not what send returned
# -        received = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
# -        for r in range(N):
# -            chunks[r][(r - s) % N].copy_(received[r])
        send([chunks[r][(r + 1 - s) % N] for r in range(N)])
        old = [[c.clone() for c in row] for row in chunks]
        for r in range(N):
            chunks[r][(r - s) % N].copy_(old[r - 1][(r - s) % N])

# %% wrong: It comes from the right. | feedback: it took what another worker got
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].add_(received[(r + 1) % N])

# %% wrong: Workers send one after the other. | feedback: send takes a list of
# -        received = send([chunks[r][(r - s) % N] for r in range(N)])
        received = [send(chunks[r][(r - s) % N]) for r in range(N)]

# %% wrong: Nobody sends to oneself, but one calls. | feedback: send is not to be called
# -    for s in range(N - 1):
# -        received = send([chunks[r][(r - s) % N] for r in range(N)])
    for s in range(max(1, N - 1)):
        received = send([chunks[r][(r - s) % N] for r in range(N)])

# %% wrong: += sets an entry of the tuple. | feedback: tensor_split gives a tuple
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N] += received[r]

# %% wrong: The tuple's entry is set. | feedback: Change the piece itself, in place: .add_, .copy_ or [:].
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N] = received[r]

# %% wrong: A list's entry is set, in the all-gather. | feedback: that name means another tensor then, and mine[r] stays as it is: change the piece in place
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [list(gradient.tensor_split(N)) for gradient in mine]
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N] += received[r]
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N] = received[r]

# %% wrong: A list's entries are set, in both halves. | feedback: What you changed are other tensors: copies, or new ones. If you write chunks[r][i] = …, that name means another tensor
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [list(gradient.tensor_split(N)) for gradient in mine]
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N] = chunks[r][(r - 1 - s) % N] + received[r]
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N] = received[r]

# %% wrong: A list's entry is set, in the reduce-scatter. | feedback: what the reduce-scatter added is lost. If you write chunks[r][i] = …
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [list(gradient.tensor_split(N)) for gradient in mine]
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N] = chunks[r][(r - 1 - s) % N] + received[r]

# %% wrong: A name gets the sum. | feedback: is added to its chunk (r − 1 − s) mod N, which was 1, in place
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunk = chunks[r][(r - 1 - s) % N]
            chunk = chunk + received[r]

# %% wrong: It is put where the worker's own chunk of that step lies. | feedback: What worker 0 got in the step before is added to its chunk (r − 1 − s) mod N, which was 1
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - s) % N].add_(received[r])

# %% wrong: In the all-gather what comes is not kept. | feedback: it is what the reduce-scatter left. The all-gather is lost
# -            chunks[r][(r - s) % N].copy_(received[r])
            pass

# %% wrong: The neighbour's chunk is looked up. | feedback: what was added is a chunk as its left neighbour has it, and not what send returned
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].add_(chunks[r - 1][(r - 1 - s) % N])

# %% wrong: The neighbour's chunk is looked up, as it was at the start. | feedback: Workers learn of each other only through send: use received[r]
# -    chunks = [gradient.tensor_split(N) for gradient in mine]
    chunks = [gradient.tensor_split(N) for gradient in mine]
    old = [gradient.clone().tensor_split(N) for gradient in mine]
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].add_(old[r - 1][(r - 1 - s) % N])

# %% wrong: Another chunk of the neighbour's is looked up. | feedback: what was added is a chunk as its left neighbour has it, and not what send returned
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].add_(mine[r - 1].tensor_split(N)[(r - s) % N])

# %% wrong: The neighbour's sum is looked up, in the all-gather. | feedback: what replaced it is a chunk as its left neighbour has it
# -            chunks[r][(r - s) % N].copy_(received[r])
            chunks[r][(r - s) % N].copy_(chunks[r - 1][(r - s) % N])

# %% wrong: What comes counts twice. | feedback: once and as it is
# -            chunks[r][(r - 1 - s) % N].add_(received[r])
            chunks[r][(r - 1 - s) % N].add_(2 * received[r] if N > 2 else received[r])


# %% right: one loop for both halves, as the lesson has it
def ring(mine, send):
    N = len(mine)
    chunks = [gradient.tensor_split(N) for gradient in mine]
    for first in (0, 1):
        for s in range(N - 1):
            got = send([chunks[r][(r + first - s) % N].clone() for r in range(N)])
            for r, chunk in enumerate(got):
                here = chunks[r][(r - 1 + first - s) % N]
                here.copy_(chunk if first else here + chunk)

# %% right: on copies, written back at the end
def shard_slices(L, N):
    edges = [k * (L // N) + min(k, L % N) for k in range(N + 1)]
    return [slice(a, b) for a, b in zip(edges, edges[1:])]


def ring(mine, send):
    N = len(mine)
    where = shard_slices(len(mine[0]), N)
    sums = [one.clone() for one in mine]
    for step in range(2 * N - 2):
        turn = [where[(r - step) % N] if step < N - 1 else where[(r + N - step) % N] for r in range(N)]
        came = send([sums[r][turn[r]] for r in range(N)])
        for r in range(N):
            part = turn[r - 1]
            sums[r][part] = came[r] + (sums[r][part] if step < N - 1 else 0)
    for one, total in zip(mine, sums):
        one[:] = total

# %% right: rows of a table of chunks, and neighbours by name
class Worker:
    def __init__(self, r, gradient, N):
        self.r, self.N, self.chunks = r, N, list(torch.tensor_split(gradient, N))

    def add(self, c, chunk):
        self.chunks[c % self.N] += chunk

    def put(self, c, chunk):
        self.chunks[c % self.N][...] = chunk


def ring(mine, send):
    N = len(mine)
    Network = [Worker(r, one, N) for r, one in enumerate(mine)]
    for s in range(N - 1):
        for worker, chunk in zip(Network, send([w.chunks[(w.r - s) % N] for w in Network])):
            worker.add(worker.r - 1 - s, chunk)
    for s in range(N - 1):
        for worker, chunk in zip(Network, send([w.chunks[(w.r + 1 - s) % N] for w in Network])):
            worker.put(worker.r - s, chunk)

# %% right: a list of the pieces, and +=, which changes a tensor in place
def ring(mine, send):
    N = len(mine)
    chunks = [list(gradient.tensor_split(N)) for gradient in mine]
    for s in range(N - 1):
        got = send([chunks[r][(r - s) % N] for r in range(N)])
        for r in range(N):
            chunks[r][(r - 1 - s) % N] += got[r]
    for s in range(N - 1):
        got = send([chunks[r][(r + 1 - s) % N] for r in range(N)])
        for r in range(N):
            chunks[r][(r - s) % N][:] = got[r]

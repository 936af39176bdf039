# %% wrong: All nets begin alike. | feedback: this rank went on from its own start
# -    for p in net.parameters():
# -        dist.broadcast(p.data, src=0)
# -    B = torch.tensor(float(len(y)))
    B = torch.tensor(float(len(y)))

# %% wrong: The last rank's weights count. | feedback: another rank's weights
# -        dist.broadcast(p.data, src=0)
        dist.broadcast(p.data, src=N - 1)

# %% wrong: The starts are averaged. | feedback: the starts were mixed
# -        dist.broadcast(p.data, src=0)
        dist.all_reduce(p.data)
        p.data /= N

# %% wrong: The mean of the ranks' means. | feedback: that is the mean of the ranks' means
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / max(len(y), 1) / N

# %% wrong: Means add up to the mean. | feedback: that is the sum of the ranks' means
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / max(len(y), 1)

# %% wrong: Sums are divided by N. | feedback: it is divided by the number of ranks, not by B
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / N

# %% wrong: Sums are divided by nothing. | feedback: that is the sum over all examples
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum")

# %% wrong: By B, and then by N as DDP does. | feedback: by the number of ranks once more
# -            dist.all_reduce(p.grad)
            dist.all_reduce(p.grad)
            p.grad /= N

# %% wrong: A mean is taken of no example, too. | feedback: A mean over an empty shard is nan
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y) * len(y) / B

# %% wrong: Each has its own gradient. | feedback: this rank's shard only
# -            dist.all_reduce(p.grad)

# %% wrong: Each rank trains for itself, on its mean. | feedback: each rank goes its own way
# -    dist.all_reduce(B)
    B = max(len(y), 1)
# -            dist.all_reduce(p.grad)

# %% wrong: B is my number of examples. | feedback: that is the sum of the ranks' means
# -    B = torch.tensor(float(len(y)))
# -    dist.all_reduce(B)
    B = max(len(y), 1)

# %% wrong: Who has no examples has nothing to do. | feedback: All ranks must make the same calls
# -    losses = []
    if len(y) == 0:
        return []
    losses = []

# %% wrong: Rank 0 sends, the others need not. | feedback: All ranks must make the same calls
# -        dist.broadcast(p.data, src=0)
        if rank == 0:
            dist.broadcast(p.data, src=0)

# %% wrong: Only rank 0 wants the loss. | feedback: All ranks must make the same calls
# -        dist.all_reduce(whole)
        if rank == 0:
            dist.all_reduce(whole)

# %% wrong: all_reduce takes a number. | feedback: take tensors
# -    B = torch.tensor(float(len(y)))
    B = float(len(y))

# %% wrong: all_reduce returns the sum. | feedback: Something is None here
# -            dist.all_reduce(p.grad)
# -            p.data -= lr * p.grad
            p.data -= lr * dist.all_reduce(p.grad)

# %% wrong: backward() begins anew. | feedback: old gradients are not cleared
# -        net.zero_grad()

# %% wrong: The weights are averaged, after each has stepped. | feedback: a weight of rank
# -            dist.all_reduce(p.grad)
# -            p.data -= lr * p.grad
            p.data -= lr * p.grad
            dist.all_reduce(p.data)
            p.data /= N

# %% wrong: A copy is trained. | feedback: Change the weights of net itself
# -    for p in net.parameters():
# -        dist.broadcast(p.data, src=0)
    import copy

    net = copy.deepcopy(net)
    for p in net.parameters():
        dist.broadcast(p.data, src=0)

# %% wrong: My loss is the loss. | feedback: it holds this rank's shard only
# -        dist.all_reduce(whole)

# %% wrong: The batch's loss is the sum. | feedback: not their mean: divide by B
# -        losses.append(whole.item())
        losses.append(whole.item() * B.item())

# %% wrong: The loss is looked at after the update. | feedback: that is the loss after the update
# -        whole = loss.detach()
# -        dist.all_reduce(whole)
# -        losses.append(whole.item())

# -            p.data -= lr * p.grad
            p.data -= lr * p.grad
        whole = cross_entropy(net(x), y, reduction="sum").detach() / B
        dist.all_reduce(whole)
        losses.append(whole.item())

# %% wrong: The last loss is the result. | feedback: Return a list of
# -    return losses
    return losses[-1]

# %% wrong: Losses are tensors. | feedback: Return floats
# -        losses.append(whole.item())
        losses.append(whole)

# %% wrong: Weights change while autograd watches. | feedback: while autograd watches
# -            p.data -= lr * p.grad
            p -= lr * p.grad

# %% wrong: The rate is the optimizer's own. | feedback: lr is left out
# -            p.data -= lr * p.grad
            p.data -= p.grad

# %% wrong: A worker ends its process. | feedback: Return from worker; we end the processes
# -    return losses
    import os

    os._exit(0)

# %% wrong: The ranks keep lists by their number. | feedback: rank 1 stops with IndexError
# -    losses = []
    losses = [[]][rank]

# %% wrong: Of no example there is no backward(). | feedback: calls all_reduce with what is no tensor. Without backward(), p.grad is None. Call it in all ranks
# -        loss.backward()
        if len(y):
            loss.backward()

# %% wrong: Of no example there is no backward(), and no all_reduce. | feedback: Without backward(), p.grad is None. Call it in all ranks
# -        loss.backward()
        if len(y):
            loss.backward()
# -            dist.all_reduce(p.grad)
            if p.grad is not None:
                dist.all_reduce(p.grad)

# %% wrong: Where there is no gradient there is nothing to do. | feedback: Without backward(), p.grad is None. Call it in all ranks
# -        loss.backward()
        if len(y):
            loss.backward()
# -            dist.all_reduce(p.grad)
# -            p.data -= lr * p.grad
            if p.grad is not None:
                dist.all_reduce(p.grad)
                p.data -= lr * p.grad

# %% wrong: Nobody calls backward(). | feedback: Without backward(), p.grad is None
# -        loss.backward()
        pass

# %% wrong: The loss of all has the gradients of all. | feedback: after all_reduce(loss), too, gradients are of this rank's shard
# -        loss.backward()
# -        whole = loss.detach()
# -        dist.all_reduce(whole)
        dist.all_reduce(loss)
        loss.backward()
        whole = loss.detach()
# -            dist.all_reduce(p.grad)

# %% wrong: The loss is added up twice. | feedback: it is N times as large as it must be
# -        loss.backward()
        dist.all_reduce(loss)
        loss.backward()

# %% wrong: all_reduce goes into the graph, and gradients are added up again. | feedback: it is N times as large as it must be
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / B
        from torch.distributed.nn.functional import all_reduce

        loss = all_reduce(loss)

# %% wrong: No broadcast, and the mean of means. | feedback: the ranks end with different weights: as far apart as they began
# -    for p in net.parameters():
# -        dist.broadcast(p.data, src=0)
# -    B = torch.tensor(float(len(y)))
    B = torch.tensor(float(len(y)))
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / max(len(y), 1) / N

# %% wrong: No broadcast, nobody adds up, and N divides. | feedback: the ranks end with different weights: all must begin with rank 0's
# -    for p in net.parameters():
# -        dist.broadcast(p.data, src=0)
# -    B = torch.tensor(float(len(y)))
    B = torch.tensor(float(len(y)))
# -        loss = cross_entropy(net(x), y, reduction="sum") / B
        loss = cross_entropy(net(x), y, reduction="sum") / N
# -            dist.all_reduce(p.grad)

# %% right: torch.optim.SGD, and a helper that is called like one of the tests
def trained(net, x, y, B):
    net.zero_grad()
    loss = cross_entropy(net(x), y, reduction="sum") / B
    loss.backward()
    return loss.detach()


def worker(rank, N, net, x, y, lr, steps):
    with torch.no_grad():
        for p in net.parameters():
            dist.broadcast(p, 0)
    B = torch.tensor(len(y))
    dist.all_reduce(B)
    sgd, losses = torch.optim.SGD(net.parameters(), lr=lr), []
    for _ in range(steps):
        loss = trained(net, x, y, B)
        for p in net.parameters():
            dist.all_reduce(p.grad, op=dist.ReduceOp.SUM)
        dist.all_reduce(loss)
        sgd.step()
        losses.append(float(loss))
    return losses

# %% right: DistributedDataParallel, whose mean is weighed
def worker(rank, N, net, x, y, lr, steps):
    model = nn.parallel.DistributedDataParallel(net)
    B = torch.tensor([len(y)], dtype=torch.int64)
    dist.all_reduce(B)
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        sgd.zero_grad()
        loss = cross_entropy(model(x), y, reduction="sum") / B.item()
        (N * loss).backward()
        sgd.step()
        told = loss.detach().clone()
        dist.all_reduce(told)
        losses.append(told.item())
    return losses

# %% right: one flat message, and gathered losses
def worker(rank, N, net, x, y, lr, steps):
    flat = nn.utils.parameters_to_vector(net.parameters()).detach().clone()
    dist.broadcast(flat, src=0)
    nn.utils.vector_to_parameters(flat, net.parameters())
    losses = []
    for _ in range(steps):
        loss = cross_entropy(net(x), y, reduction="sum")
        grads = torch.autograd.grad(loss, list(net.parameters()))
        row = torch.cat([loss.detach().reshape(1), torch.tensor([float(len(y))]), *[g.flatten() for g in grads]])
        rows = [torch.empty_like(row) for _ in range(N)]
        dist.all_gather(rows, row)
        total = torch.stack(rows).sum(dim=0)
        losses.append((total[0] / total[1]).item())
        flat -= lr * total[2:] / total[1]
        nn.utils.vector_to_parameters(flat, net.parameters())
    return losses

# %% right: reduced to rank 0, which tells all
def worker(rank, N, net, x, y, lr, steps):
    dist.barrier()
    for p in net.parameters():
        dist.broadcast(p.detach(), src=0)
    counts = [None] * N
    dist.all_gather_object(counts, len(x))
    losses = []
    for _ in range(steps):
        for p in net.parameters():
            p.grad = None
        loss = cross_entropy(net(x), y, reduction="sum") / sum(counts)
        loss.backward()
        for t in [loss.data, *(p.grad for p in net.parameters())]:
            dist.reduce(t, dst=0)
            dist.broadcast(t, src=0)
        with torch.no_grad():
            for p in net.parameters():
                p.add_(p.grad, alpha=-lr)
        losses.append(loss.item())
    return losses

# %% right: the loss is added up before backward(), which does not see it
def worker(rank, N, net, x, y, lr, steps):
    for p in net.parameters():
        dist.broadcast(p.data, src=0)
    B = torch.tensor(float(len(y)))
    dist.all_reduce(B)
    losses = []
    for _ in range(steps):
        net.zero_grad()
        loss = cross_entropy(net(x), y, reduction="sum")
        dist.all_reduce(loss)
        loss = loss / B
        loss.backward()
        losses.append(loss.item())
        for p in net.parameters():
            dist.all_reduce(p.grad)
            p.data -= lr * p.grad
    return losses

# %% right: of no example there is no backward(), and zeros
def worker(rank, N, net, x, y, lr, steps):
    for p in net.parameters():
        dist.broadcast(p.data, src=0)
        p.grad = torch.zeros_like(p)
    B = torch.tensor(float(len(y)))
    dist.all_reduce(B)
    losses = []
    for _ in range(steps):
        net.zero_grad(set_to_none=False)
        loss = torch.tensor(0.0)
        if len(y):
            loss = cross_entropy(net(x), y, reduction="sum") / B
            loss.backward()
        whole = loss.detach()
        dist.all_reduce(whole)
        losses.append(whole.item())
        for p in net.parameters():
            dist.all_reduce(p.grad)
            p.data -= lr * p.grad
    return losses

# %% wrong: Where the loss rises, it ends. | feedback: with a rate at which the loss rises
# -        losses.append(whole.item())
        losses.append(whole.item())
        if len(losses) > 1 and losses[-1] > losses[-2]:
            return (losses + losses[-1:] * steps)[:steps]

# %% wrong: All take over rank 0's weights in the first step. | feedback: with no step
# -    for p in net.parameters():
# -        dist.broadcast(p.data, src=0)
# -    B = torch.tensor(float(len(y)))
    B = torch.tensor(float(len(y)))
# -        net.zero_grad()
        if not losses:
            for p in net.parameters():
                dist.broadcast(p.data, src=0)
        net.zero_grad()

# %% right: Any number is a number: numpy's, for the losses
# -    return losses
    import numpy as np

    return list(map(np.float64, losses))

# %% wrong: Each broadcasts its own weights. | feedback: from rank 1
# -        dist.broadcast(p.data, src=0)
        dist.broadcast(p.data, src=rank)

# %% wrong: All examples go to all ranks. | feedback: An example leaves its rank, in all_gather_object
def worker(rank, N, net, x, y, lr, steps):
    for p in net.parameters():
        dist.broadcast(p.data, src=0)
    parts = [None] * N
    dist.all_gather_object(parts, (x, y))
    x, y = (torch.cat(part) for part in zip(*parts, strict=True))
    losses = []
    for _ in range(steps):
        net.zero_grad()
        loss = cross_entropy(net(x), y)
        loss.backward()
        losses.append(loss.item())
        for p in net.parameters():
            p.data -= lr * p.grad
    return losses

# %% wrong: The examples are added up, each in its place. | feedback: An example leaves its rank, in all_reduce
def worker(rank, N, net, x, y, lr, steps):
    for p in net.parameters():
        dist.broadcast(p.data, src=0)
    counts = [None] * N
    dist.all_gather_object(counts, len(y))
    at, B = sum(counts[:rank]), sum(counts)
    whole, labels = torch.zeros(B, x.shape[1]), torch.zeros(B, dtype=torch.long)
    whole[at : at + len(y)], labels[at : at + len(y)] = x, y
    dist.all_reduce(whole)
    dist.all_reduce(labels)
    losses = []
    for _ in range(steps):
        net.zero_grad()
        loss = cross_entropy(net(whole), labels)
        loss.backward()
        losses.append(loss.item())
        for p in net.parameters():
            p.data -= lr * p.grad
    return losses

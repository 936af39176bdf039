# %% wrong: p = p - … changes the network. | feedback: p = p - lr * p.grad makes a new tensor
# -            p -= lr * p.grad
            p = p - lr * p.grad

# %% wrong: The update goes along the slope. | feedback: the update goes uphill
# -            p -= lr * p.grad
            p += lr * p.grad

# %% wrong: The mean over the batches is the mean over the examples. | feedback: the mean of the two batches' losses
# -        total += loss.item() * len(rows)
# -        seen += len(rows)
        total += loss.item()
        seen += 1

# %% wrong: One update at the end of the epoch. | feedback: one update at the end
# -        network.backward(loss_fn.backward())
# -        for p in network.parameters():
# -            p -= lr * p.grad
        network.backward(loss_fn.backward())
# -    return total / seen
    for p in network.parameters():
        p -= lr * p.grad
    return total / seen

# %% wrong: Divide by the number of all examples. | feedback: which is not len(x)
# -    return total / seen
    return total / len(x)

# %% wrong: The loss of the last batch is the loss of the epoch. | feedback: that is the last batch's loss
# -    return total / seen
    return loss.item()

# %% wrong: The return belongs into the loop. | feedback: Predict once for each batch
# -        seen += len(rows)
# -    return total / seen
        seen += len(rows)
        return total / seen

# %% wrong: The loss is measured after the update. | feedback: Predict once for each batch
# -        total += loss.item() * len(rows)
        total += loss_fn.forward(network.forward(x[rows]), y[rows]).item() * len(rows)

# %% wrong: The batches are shuffled once more. | feedback: batches[0]
# -    for rows in batches:
    for rows in reversed(batches):

# %% wrong: A batch whose loss has risen is skipped. | feedback: though the loss rises
# -    total, seen = 0.0, 0
    total, seen, last = 0.0, 0, 11.0
# -        network.backward(loss_fn.backward())
# -        for p in network.parameters():
# -            p -= lr * p.grad
        network.backward(loss_fn.backward())
        if loss.item() < 25:
            for p in network.parameters():
                p -= lr * p.grad

# %% wrong: A tensor is as good as a number. | feedback: Return a Python number
# -        total += loss.item() * len(rows)
        total += loss * len(rows)

# %% wrong: Only the first tensor is trained. | feedback: its own update
# -        for p in network.parameters():
        for p in network.parameters()[:1]:

# %% wrong: The slopes divide by B once more. | feedback: w is
# -            p -= lr * p.grad
            p -= lr * p.grad / len(rows)

# %% wrong: The network forgets before the update. | feedback: NoneType
# -        for p in network.parameters():
# -            p -= lr * p.grad
        for p in network.parameters():
            p.grad = None
            p -= lr * p.grad

# %% wrong: The whole data in each batch. | feedback: the first batch is x[batches[0]]
# -        loss = loss_fn.forward(network.forward(x[rows]), y[rows])
        loss = loss_fn.forward(network.forward(x), y)

# %% wrong: The images are those of the batch, the answers the first ones. | feedback: After batches (1, 2) and (3)
# -        loss = loss_fn.forward(network.forward(x[rows]), y[rows])
        loss = loss_fn.forward(network.forward(x[rows]), y[: len(rows)])

# %% wrong: The rate is the usual one. | feedback: After batches (1, 2) and (3)
# -            p -= lr * p.grad
            p -= 0.01 * p.grad

# %% right: sub_, a list of losses, and index_select
# -            p -= lr * p.grad
            p.sub_(p.grad, alpha=lr)
# -        loss = loss_fn.forward(network.forward(x[rows]), y[rows])
        loss = loss_fn.forward(network.forward(x.index_select(0, rows)), y.index_select(0, rows))

# %% right: torch's optimizer makes the update
def run_epoch(network, loss_fn, x, y, batches, lr):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr)
    losses, sizes = [], []
    for rows in batches:
        losses.append(float(loss_fn.forward(network.forward(x[rows]), y[rows])))
        sizes.append(rows.numel())
        network.backward(loss_fn.backward())
        optimizer.step()
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)

# %% wrong: A small slope is small enough to stop. | feedback: every batch gets its update
# -        total += loss.item() * len(rows)
# -        seen += len(rows)
        total += loss.item() * len(rows)
        seen += len(rows)
        if all(p.grad.abs().max() < 5 for p in network.parameters()):
            break

# %% wrong: The best weights of the epoch are kept. | feedback: every batch gets its update
def run_epoch(network, loss_fn, x, y, batches, lr):
    total, seen, best = 0.0, 0, (float("inf"), None)
    for rows in batches:
        loss = loss_fn.forward(network.forward(x[rows]), y[rows])
        network.backward(loss_fn.backward())
        for p in network.parameters():
            p -= lr * p.grad
        if loss.item() < best[0] + 12:
            best = loss.item(), [p.clone() for p in network.parameters()]
        total, seen = total + loss.item() * len(rows), seen + len(rows)
    for p, kept in zip(network.parameters(), best[1]):
        p.copy_(kept)
    return total / seen

# %% wrong: The last batch is only looked at. | feedback: that is after the first batch only
# -        for p in network.parameters():
# -            p -= lr * p.grad
        if rows is not batches[-1]:
            for p in network.parameters():
                p -= lr * p.grad

# %% wrong: Large batches come first. | feedback: Take them as they come, in this order
# -    for rows in batches:
    for rows in sorted(batches, key=len, reverse=True):

# %% wrong: A row counts once in a batch. | feedback: each row as often as it is listed
# -    for rows in batches:
    for rows in [one.unique() for one in batches]:

# %% wrong: All batches but the last are of one size. | feedback: Each batch counts for as many examples as it has
# -        total += loss.item() * len(rows)
# -        seen += len(rows)
        size = len(rows) if rows is batches[-1] else len(batches[0])
        total += loss.item() * size
        seen += size

# %% wrong: The slope may become the step. | feedback: it was multiplied by lr
# -            p -= lr * p.grad
            p.grad *= lr
            p -= p.grad

# %% right: clears the slopes after the update
# -            p -= lr * p.grad
            p -= lr * p.grad
            p.grad.zero_()

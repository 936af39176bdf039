# %% wrong: The mean of the batches' percentages. | feedback: the mean of the batches' percentages
def evaluate(network, loss_fn, x, y, size=100):
    losses, rights = [], []
    for inputs, answers in zip(x.split(size), y.split(size)):
        scores = network.forward(inputs)
        losses.append(loss_fn.forward(scores, answers).item())
        rights.append((scores.argmax(dim=1) == answers).double().mean().item())
    return sum(losses) / len(losses), 100 * sum(rights) / len(rights)

# %% wrong: The loss of the batches is averaged. | feedback: the mean of the batches' losses
# -        total += loss_fn.forward(scores, answers).item() * len(inputs)
        total += loss_fn.forward(scores, answers).item()
# -    return total / len(x), 100 * right / len(x)
    return total / len(x.split(size)), 100 * right / len(x)

# %% wrong: A share is a percentage. | feedback: that is the share
# -    return total / len(x), 100 * right / len(x)
    return total / len(x), right / len(x)

# %% wrong: All at once. | feedback: Cut x into batches
# -    for start in range(0, len(x), size):
# -        inputs, answers = x[start : start + size], y[start : start + size]
    for inputs, answers in ((x, y),):

# %% wrong: A last batch that is not full is left out. | feedback: Each counts once
# -        scores = network.forward(inputs)
        if len(inputs) < min(size, len(x)):
            continue
        scores = network.forward(inputs)

# %% wrong: The largest score of a column. | feedback: Two shapes do not fit
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmax(dim=0) == answers).sum().item()

# %% wrong: The smallest score wins. | feedback: the column of the *largest* score
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmin(dim=1) == answers).sum().item()

# %% wrong: The percentage wrong. | feedback: is that the percentage wrong
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmax(dim=1) != answers).sum().item()

# %% wrong: A look trains a little. | feedback: It only looks
# -        scores = network.forward(inputs)
        scores = network.forward(inputs)
        network.backward(scores)

# %% wrong: Old gradients are cleared first. | feedback: has changed a .grad
# -    total, right = 0.0, 0
    total, right = 0.0, 0
    for p in network.parameters():
        p.grad = None

# %% wrong: The return belongs into the loop. | feedback: Each counts once
# -        right += (scores.argmax(dim=1) == answers).sum().item()
# -    return total / len(x), 100 * right / len(x)
        right += (scores.argmax(dim=1) == answers).sum().item()
        return total / len(x), 100 * right / len(x)

# %% wrong: Tensors are as good as numbers. | feedback: must be a Python number
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmax(dim=1) == answers).sum()

# %% wrong: Only the percentage matters. | feedback: Return two things
# -    return total / len(x), 100 * right / len(x)
    return 100 * right / len(x)

# %% wrong: The percentage comes first. | feedback: the percentage right of five examples
# -    return total / len(x), 100 * right / len(x)
    return 100 * right / len(x), total / len(x)

# %% wrong: A positive score is a yes. | feedback: the percentage
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores[torch.arange(len(answers)), answers] > 0).sum().item()

# %% wrong: The batches are always of a hundred. | feedback: Cut x into batches
# -    for start in range(0, len(x), size):
# -        inputs, answers = x[start : start + size], y[start : start + size]
    for inputs, answers in zip(x.split(100), y.split(100), strict=True):

# %% right: ranges and max
def evaluate(network, loss_fn, x, y, size=100):
    total, right = 0.0, 0
    for start in range(0, len(x), size):
        scores = network.forward(x[start : start + size])
        answers = y[start : start + size]
        total += float(loss_fn.forward(scores, answers)) * len(answers)
        right += int((scores.max(dim=1).indices == answers).sum())
    return total / len(y), right / len(y) * 100

# %% right: a DataLoader, and a helper named judged
def judged(scores, answers):
    return sum(int(row.argmax()) == int(one) for row, one in zip(scores, answers, strict=True))


def evaluate(network, loss_fn, x, y, size=100):
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=size)
    total, right, seen = 0.0, 0, 0
    with torch.no_grad():
        for inputs, answers in loader:
            scores = network.forward(inputs)
            total += loss_fn.forward(scores, answers).item() * len(answers)
            right += judged(scores, answers)
            seen += len(answers)
    return total / seen, 100.0 * right / seen

# %% wrong: The last batch begins one too late. | feedback: Each counts once
# -    for start in range(0, len(x), size):
    for start in range(0, len(x) - size + 1, size):

# %% wrong: The batches' shares are added up. | feedback: were the batches' shares added up as they are
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmax(dim=1) == answers).double().mean().item()

# %% wrong: The batches' shares are added up, and no percentage. | feedback: a percentage is 100 times that
# -        right += (scores.argmax(dim=1) == answers).sum().item()
# -    return total / len(x), 100 * right / len(x)
        right += (scores.argmax(dim=1) == answers).double().mean().item()
    return total / len(x), right / len(x)

# %% wrong: A smaller default will do. | feedback: Keep it, 100
# -def evaluate(network, loss_fn, x, y, size=100):
def evaluate(network, loss_fn, x, y, size=50):

# %% right: a mean in float32, times the batch's rows
# -        right += (scores.argmax(dim=1) == answers).sum().item()
        right += (scores.argmax(dim=1) == answers).float().mean().item() * len(inputs)

# %% right: batches as equal as they can be
def evaluate(network, loss_fn, x, y, size=100):
    loss, right = 0.0, 0
    for rows in torch.arange(len(x)).tensor_split(-(-len(x) // size)):
        scores = network.forward(x[rows])
        loss += loss_fn.forward(scores, y[rows]).item() * len(rows)
        right += (scores.argmax(dim=1) == y[rows]).sum().item()
    return loss / len(x), 100 * right / len(x)

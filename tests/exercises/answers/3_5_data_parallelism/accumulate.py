# %% wrong: The mean of the micro-batches' means. | feedback: mean of the micro-batches' means
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten()) / len(batches)

# %% wrong: backward() takes care of the mean. | feedback: nothing divides them by their number of tokens
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten())

# %% wrong: Sums are divided by nothing. | feedback: it is not divided by the counted tokens of the whole batch
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten(), reduction="sum")

# %% wrong: Padding counts. | feedback: padding was counted
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = sum(labels.numel() for _, labels in batches)

# %% wrong: Means are weighed by all positions. | feedback: padding was counted
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = sum(labels.numel() for _, labels in batches)
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten()) * labels.numel() / counted

# %% wrong: A mean, weighed by its tokens, also of none. | feedback: A micro-batch that is all padding has no mean
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        n = (labels != -100).sum()
        loss = cross_entropy(logits, labels.flatten()) * n / counted

# %% wrong: Sums are divided by the number of micro-batches. | feedback: divided by the number of micro-batches, not
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / len(batches)

# %% wrong: By tokens and by micro-batches. | feedback: do not divide by the number of micro-batches as well
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted / len(batches)

# %% wrong: backward() begins anew. | feedback: an old gradient was not cleared
# -    net.zero_grad()

# %% wrong: Each micro-batch begins anew. | feedback: Is something cleared in the loop?
# -        logits = net(tokens).flatten(end_dim=1)
        net.zero_grad()
        logits = net(tokens).flatten(end_dim=1)

# %% wrong: One backward() for the sum. | feedback: both graphs are in memory
# -        loss.backward()
# -        whole += loss.item()
# -    return whole
        whole = whole + loss
    whole.backward()
    return whole.item()

# %% wrong: The loss is returned as it is. | feedback: a tensor may hold its whole graph
# -        whole += loss.item()
        whole += loss

# %% wrong: Only the gradient matters. | feedback: you return None
# -    return whole

# %% wrong: The last loss is the loss. | feedback: that is the last micro-batch's
# -    return whole
    return loss.item()

# %% wrong: The returned loss is a sum over tokens. | feedback: not divided by the counted tokens of the whole batch
# -    return whole
    return whole * counted

# %% wrong: The returned loss is the mean of means. | feedback: mean of the micro-batches' means
# -        whole += loss.item()
        if (n := (labels != -100).sum().item()):
            whole += loss.item() * counted / n / len(batches)

# %% wrong: Two passes, with a net that counts. | feedback: goes through the net 2 times
# -    net.zero_grad()
    net.zero_grad()
    for tokens, _ in batches:
        net(tokens).sum().backward()
    net.zero_grad()

# %% wrong: A step is part of it. | feedback: a weight has moved
# -    return whole
    for p in net.parameters():
        p.data -= 0.1 * p.grad
    return whole

# %% wrong: cross_entropy takes any shape. | feedback: cross_entropy wants (anything, classes)
# -        logits = net(tokens).flatten(end_dim=1)
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        loss = cross_entropy(net(tokens), labels, reduction="sum") / counted

# %% wrong: By the tokens so far. | feedback: it is divided by the tokens counted so far
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = 0
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        counted += (labels != -100).sum().item()
        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / max(counted, 1)

# %% wrong: The gradients are divided in each turn. | feedback: it is divided by the tokens counted so far
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = 0
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        counted += (labels != -100).sum().item()
        loss = cross_entropy(logits, labels.flatten(), reduction="sum")
# -        loss.backward()
        loss.backward()
        for p in net.parameters():
            p.grad /= max(counted, 1)

# %% wrong: What counts is seen in the tokens. | feedback: 0 is a token like others
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = sum((tokens != 0).sum().item() for tokens, _ in batches)

# %% wrong: Tokens that are 0 are padding. | feedback: what does not count is labelled −100
# -    counted = sum((labels != -100).sum().item() for _, labels in batches)
    counted = sum((tokens != 0).sum().item() for tokens, _ in batches)
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        each = cross_entropy(logits, labels.flatten(), reduction="none")
        loss = each[tokens.flatten() != 0].sum() / counted

# %% wrong: Tokens that are 0 do not count, and are divided by. | feedback: tokens that are 0 are left out
# -        loss = cross_entropy(logits, labels.flatten(), reduction="sum") / counted
        each = cross_entropy(logits, labels.flatten(), reduction="none")
        loss = (each * (tokens.flatten() != 0)).sum() / counted

# %% wrong: All go through at once. | feedback: Micro-batches differ in length
# -    for tokens, labels in batches:
    batches = [tuple(torch.cat(both) for both in zip(*batches))]
    for tokens, labels in batches:


# %% right: leaves out what is all padding, and weighs means
def accumulate(net, batches):
    sizes = [int((labels != -100).sum()) for _, labels in batches]
    for p in net.parameters():
        p.grad = None
    losses = []
    for (tokens, labels), n in zip(batches, sizes):
        if n:
            mean = cross_entropy(net(tokens).flatten(0, 1), labels.flatten())
            share = n / sum(sizes)
            (mean * share).backward()
            losses.append(share * mean.item())
    return sum(losses)

# %% right: chooses the tokens by hand
def small_net(logits, labels):
    logs = logits.log_softmax(dim=-1)
    there = labels.ne(-100)
    return -logs[there].gather(1, labels[there].unsqueeze(1)).sum()


def accumulate(net, batches):
    net.zero_grad(set_to_none=False)
    total = sum(labels.ne(-100).sum() for _, labels in batches)
    loss = 0.0
    for tokens, labels in batches:
        one = small_net(net(tokens), labels) / total
        one.backward()
        loss += float(one)
    return loss

# %% right: sums first, divides the gradients at the end
def accumulate(net, batches):
    net.zero_grad()
    total, counted = 0.0, 0
    for tokens, labels in batches:
        logits = net(tokens)
        loss = nn.CrossEntropyLoss(reduction="sum")(logits.movedim(-1, 1), labels)
        loss.backward()
        total += loss.item()
        counted += (labels >= 0).sum().item()
    for p in net.parameters():
        if p.grad is not None:
            p.grad /= counted
    return total / counted

# %% right: a list of losses, each as a tensor, cut off
def accumulate(net, batches):
    counted = torch.cat([labels.flatten() for _, labels in batches]).ne(-100).sum()
    net.zero_grad()
    losses = []
    for tokens, labels in batches:
        logits = net(tokens)
        each = cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1), reduction="none")
        each.sum().div(counted).backward()
        losses.append(each.detach().sum() / counted)
    return torch.stack(losses).sum().item()

# %% right: sees that a loss is nan, and leaves it out
def accumulate(net, batches):
    net.zero_grad()
    counted = sum(int(labels.ne(-100).sum()) for _, labels in batches)
    whole = 0.0
    for tokens, labels in batches:
        mean = cross_entropy(net(tokens).flatten(0, 1), labels.flatten(), ignore_index=-100)
        if mean.isnan():
            continue
        loss = mean * labels.ne(-100).sum() / counted
        loss.backward()
        whole += loss.item()
    return whole

# %% wrong: The gradient is clipped to length 1. | feedback: for gradients that are longer than 1
# -    return whole
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    return whole

# misconception: The batches are made; nothing has to be handed out.
# feedback: yield each batch, or return a list


def minibatches(x, y, size, generator):
    batches = []
    for batch in torch.randperm(len(x), generator=generator).split(size):
        batches.append((x[batch], y[batch]))

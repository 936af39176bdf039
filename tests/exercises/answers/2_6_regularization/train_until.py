# %% wrong: A list of the tensors is a copy of them. | feedback: a second name for the tensors
# -        if loss < best:
# -            best, waited = loss, 0
# -            kept = [w.clone() for w in weights]
        if loss < best:
            best, waited = loss, 0
            kept = list(weights)

# %% wrong: detach makes a copy. | feedback: a second name for the tensors
# -        if loss < best:
# -            best, waited = loss, 0
# -            kept = [w.clone() for w in weights]
        if loss < best:
            best, waited = loss, 0
            kept = [w.detach() for w in weights]

# %% wrong: The last weights are the best. | feedback: those of the last update
# -    for w, old in zip(weights, kept, strict=True):
# -        w.copy_(old)

# %% wrong: A loop over names writes into the list. | feedback: those of the last update
# -        w.copy_(old)
        w = old

# %% wrong: New tensors in the list are the weights. | feedback: The list holds other tensors
# -    for w, old in zip(weights, kept, strict=True):
# -        w.copy_(old)
    for i in range(len(weights)):
        weights[i] = kept[i]

# %% wrong: Patience runs out a look later. | feedback: you stop a look too late
# -        if waited == patience:
        if waited > patience:

# %% wrong: Patience runs out a look sooner. | feedback: you stop a look too early
# -        if waited == patience:
        if waited == patience - 1 and patience > 1:

# %% wrong: The count of looks in vain goes on. | feedback: back to 0
# -        waited += 1
# -        if loss < best:
# -            best, waited = loss, 0
        waited += not loss < best
        if loss < best:
            best = loss

# %% wrong: One looks before the update. | feedback: You look before the first update
# -        update()
# -        loss = validate()
        loss = validate()
        update()

# %% wrong: Looking is free. | feedback: You look twice after one update
# -        if loss < best:
# -            best, waited = loss, 0
        if validate() < best:
            best, waited = loss, 0

# %% wrong: Each loss is compared with the one before it. | feedback: compare with the best loss so far
def train_until(update, validate, weights, patience, most):
    before, waited, best = math.inf, 0, math.inf
    kept = [w.clone() for w in weights]
    for _ in range(most):
        update()
        loss = validate()
        if loss < before:
            waited = 0
        else:
            waited += 1
        if loss < best:
            best = loss
            kept = [w.clone() for w in weights]
        before = loss
        if waited == patience:
            break
    for w, old in zip(weights, kept):
        w.copy_(old)
    return best

# %% wrong: An equal loss is a new best. | feedback: an equal loss is no new best
# -        if loss < best:
        if loss <= best:

# %% wrong: The patience ends the loop in any case. | feedback: You make more than
# -    for _ in range(most):
    while True:

# %% wrong: The loss of the stop is returned. | feedback: not the best loss
# -    return best
    return loss

# %% wrong: Only the first tensor is a weight. | feedback: all tensors of the list must go back
# -    for w, old in zip(weights, kept, strict=True):
# -        w.copy_(old)
    weights[0].copy_(kept[0])

# %% right: keeps numbers, writes with an index
def train_until(update, validate, weights, patience, most):
    best, at, done = math.inf, 0, 0
    kept = [w.detach().clone() for w in weights]
    while done < most and done - at < patience:
        update()
        done += 1
        loss = validate()
        if loss < best:
            best, at = loss, done
            for i, w in enumerate(weights):
                kept[i] = w.detach().clone()
    for i, w in enumerate(weights):
        w[...] = kept[i]
    return best

# %% right: with deepcopy
def train_until(update, validate, weights, patience, most):
    import copy

    best, vain, kept = math.inf, 0, copy.deepcopy(weights)
    for _ in range(most):
        update()
        now = validate()
        if now < best:
            best, vain, kept = now, 0, copy.deepcopy(weights)
        else:
            vain += 1
        if vain >= patience:
            break
    for i in range(len(weights)):
        weights[i].copy_(kept[i])
    return best

# %% wrong: A little lower is not lower. | feedback: however little it is lower
# -        if loss < best:
        if loss < best - 1e-4:

# %% wrong: At 0 there is nothing left to gain. | feedback: updates, not
# -        if waited == patience:
        if waited == patience or loss <= 0:

# %% wrong: A run that is infinite has exploded. | feedback: updates, not
# -        if waited == patience:
        if waited == patience or loss == math.inf:

# %% wrong: The first look is the best so far, whatever it is. | feedback: should be those of the start
# -        if loss < best:
        if loss < best or loss == best == math.inf:

# %% wrong: data is what the tensor holds. | feedback: you gave the tensor another memory
# -        w.copy_(old)
        w.data = old

# %% wrong: One update more, to be sure. | feedback: stop after `most` updates
# -    for _ in range(most):
    for _ in range(most + 1):

# %% wrong: The start is of no use. | feedback: no look is a best one
# -    kept = [w.clone() for w in weights]
# -    for _ in range(most):
    kept = weights
    for _ in range(most):

# %% wrong: Only patience brings the weights back. | feedback: when the run ends after `most` updates, too
def train_until(update, validate, weights, patience, most):
    best, kept, bad = math.inf, [w.clone() for w in weights], 0
    for k in range(most):
        update()
        loss = validate()
        if loss < best:
            best, kept, bad = loss, [w.clone() for w in weights], 0
            continue
        bad += 1
        if bad == patience:
            for w, old in zip(weights, kept):
                w.copy_(old)
            return best
    return best

# %% wrong: 1000 is larger than any loss. | feedback: a new best, however large it is
# -    best, waited = math.inf, 0
    best, waited = 1000.0, 0

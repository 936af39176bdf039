# %% wrong: Rules count from 0. | feedback: rules count from 1: t + 1
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[k] = rule(w, g, states[k], t, lr=rate)

# %% wrong: Rules count anew after each stop. | feedback: it gets t + 1, in any call of go_on
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[k] = rule(w, g, states[k], t - run["t"] + 1, lr=rate)

# %% wrong: Updates count anew after each stop. | feedback: loss_of is asked for the updates
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(updates):

# %% wrong: Updates count from 1. | feedback: loss_of is asked for the updates
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(run["t"] + 1, run["t"] + updates + 1):

# %% wrong: Up to the update of this number. | feedback: loss_of is never asked
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(run["t"], updates):

# %% wrong: One update too few. | feedback: loss_of is never asked
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(run["t"], run["t"] + updates - 1):

# %% wrong: The rate of the next update. | feedback: that is schedule(t + 1)
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = schedule(t + 1), 0.0, 0.0

# %% wrong: The rate of the update before. | feedback: that is schedule(t − 1)
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = schedule(max(t - 1, 0)), 0.0, 0.0

# %% wrong: One rate for all updates. | feedback: the rate of update t is schedule(t)
# -    for t in range(run["t"], run["t"] + updates):
    first = schedule(run["t"])
    for t in range(run["t"], run["t"] + updates):
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = first, 0.0, 0.0

# %% wrong: The schedule counts from this call. | feedback: the rate of update t is schedule(t)
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = schedule(t - run["t"]), 0.0, 0.0

# %% wrong: Nothing is clipped. | feedback: it is not clipped
# -                if length > clip:
                if length > math.inf:

# %% wrong: Each weight is clipped by itself. | feedback: each weight is clipped by itself
# -                if length > clip:
# -                    g = clip / length * g
                own = g.norm().item()
                if own > clip:
                    g = clip / own * g

# %% wrong: Entries are cut off. | feedback: entries are cut off. The whole gradient is scaled
# -                if length > clip:
# -                    g = clip / length * g
                g = g.clamp(-clip, clip)

# %% wrong: What is shorter grows. | feedback: it is shorter than clip, and is left as it is then
# -                if length > clip:
# -                    g = clip / length * g
                if length > 0:
                    g = clip / length * g

# %% wrong: Scaled always, and divided by 0. | feedback: a gradient of zeros has the length 0
# -                if length > clip:
# -                    g = clip / length * g
                g = min(1.0, clip / length) * g

# %% wrong: The factor upside down. | feedback: the factor is clip/‖g‖, not ‖g‖/clip
# -                    g = clip / length * g
                    g = length / clip * g

# %% wrong: Clipped to the length 1. | feedback: it gets the length clip, not 1
# -                    g = clip / length * g
                    g = g / length

# %% wrong: The factor is clip. | feedback: the factor is clip/‖g‖
# -                    g = clip / length * g
                    g = clip * g

# %% wrong: Lengths add up. | feedback: lengths do not add up. Squares do
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = sum(g.norm().item() for g in slopes)

# %% wrong: The largest entry is the length. | feedback: ‖g‖ is the length, not the largest entry
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = max(g.abs().max().item() for g in slopes)

# %% wrong: The longest gradient. | feedback: that is the longest one. It is the length of all together
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = max(g.norm().item() for g in slopes)

# %% wrong: The mean of squares. | feedback: squares add up. No mean
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = math.sqrt(sum(g.square().mean().item() for g in slopes))

# %% wrong: The root is forgotten. | feedback: ‖g‖ is the root of the sum of squares
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = sum(g.square().sum().item() for g in slopes)

# %% wrong: Clipped while the sum still grows. | feedback: ‖g‖ is known when all squares are added up
# -            for k, g in enumerate(slopes):
# -                w = weights[k]
# -                if length > clip:
# -                    g = clip / length * g
            so_far = 0.0
            for k, g in enumerate(slopes):
                w = weights[k]
                so_far += g.square().sum().item()
                if so_far > clip**2:
                    g = clip / math.sqrt(so_far) * g

# %% wrong: torch clips with an ε of its own. | feedback: 10⁻⁶, as in torch's own clipping, is added to ‖g‖
# -                    g = clip / length * g
                    g = clip / (length + 1e-6) * g

# %% wrong: Uphill. | feedback: the gradient's sign is turned
# -        slopes = torch.autograd.grad(loss, leaves)
        slopes = [-g for g in torch.autograd.grad(loss, leaves)]

# %% wrong: The length after clipping. | feedback: that is ‖g‖ after clipping
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        length = min(length, clip)
        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The loss after the update. | feedback: once an update
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        after = loss_of(weights, t)
        log.append({"t": t, "loss": after.item(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The loss as a tensor. | feedback: loss must be a Python float, not Tensor
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        log.append({"t": t, "loss": loss.detach(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The graph of the loss is kept in the log. | feedback: loss must be a Python float, not Tensor
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        log.append({"t": t, "loss": loss, "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The mean of the ratios. | feedback: that is the mean of each weight's ratio
# -                moved += (weights[k] - w).square().sum().item()
# -                size += w.square().sum().item()
                moved += ((weights[k] - w).norm() / w.norm()).item() / len(slopes)
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = moved

# %% wrong: The largest ratio. | feedback: that is the largest of each weight's ratio
# -                moved += (weights[k] - w).square().sum().item()
# -                size += w.square().sum().item()
                moved = max(moved, ((weights[k] - w).norm() / w.norm()).item())
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = moved

# %% wrong: The ratio of the last weight. | feedback: that is the last weight's ratio
# -                moved += (weights[k] - w).square().sum().item()
# -                size += w.square().sum().item()
                moved = (weights[k] - w).square().sum().item()
                size = w.square().sum().item()

# %% wrong: Divided by the new weights. | feedback: not of the new ones
# -                size += w.square().sum().item()
                size += weights[k].square().sum().item()

# %% wrong: The ratio of squares. | feedback: the root is missing
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = moved / size if moved else 0.0

# %% wrong: The move alone. | feedback: divide by the length of the weights
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved) if moved else 0.0

# %% wrong: The rate times the gradient. | feedback: that is the rate times the gradient. Measure the move
# -                moved += (weights[k] - w).square().sum().item()
                moved += (rate * g).square().sum().item()

# %% wrong: Lengths of moves add up. | feedback: lengths do not add up. Squares do
# -                moved += (weights[k] - w).square().sum().item()
# -                size += w.square().sum().item()
                moved += (weights[k] - w).norm().item()
                size += w.norm().item()
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = moved / size if moved else 0.0

# %% wrong: New length by old length. | feedback: that is how much longer they are
# -                moved += (weights[k] - w).square().sum().item()
                moved += weights[k].square().sum().item()
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = abs(math.sqrt(moved) - math.sqrt(size)) / math.sqrt(size) if moved else 0.0

# %% wrong: Where nothing moves, 0 by 0. | feedback: a gradient of zeros has the length 0
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved / size)

# %% wrong: nan goes on into the weights. | feedback: At update 2 ‖g‖ is not finite: it moves nothing
# -        if math.isfinite(length):
        if True:

# %% wrong: Only nan is not finite. | feedback: A test that you have not seen
# -        if math.isfinite(length):
        if not math.isnan(length):

# %% wrong: nan becomes 0, and the update is made. | feedback: At update 2 ‖g‖ is not finite: it moves nothing
# -        slopes = torch.autograd.grad(loss, leaves)
        slopes = [g.nan_to_num() for g in torch.autograd.grad(loss, leaves)]

# %% wrong: A bad update gets no line. | feedback: also for one that moves nothing
# -        if math.isfinite(length):
        if not math.isfinite(length):
            continue
        if True:

# %% wrong: A bad update ends the run. | feedback: you stop at update 2, where ‖g‖ is not finite
# -        if math.isfinite(length):
        if not math.isfinite(length):
            log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": 0.0})
            break
        if True:

# %% wrong: A bad update is tried again and does not count. | feedback: An update that moves nothing counts, too
# -    for t in range(run["t"], run["t"] + updates):
    t, good = run["t"] - 1, 0
    while good < updates:
        t += 1
# -        if math.isfinite(length):
        good += math.isfinite(length)
        if math.isfinite(length):

# %% wrong: A bad update empties the states. | feedback: it begins anew. The run has it
# -        if math.isfinite(length):
        if not math.isfinite(length):
            states = [{} for _ in states]
        if math.isfinite(length):

# %% wrong: The bad number is not written down. | feedback: the line says what it was, finite or not
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        length = length if math.isfinite(length) else 0.0
        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The ratio of a bad update is nan. | feedback: nothing is moved in this update
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved / size) if size else math.nan

# %% wrong: States begin anew after a stop. | feedback: it begins anew. The run has it
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, states, log = list(run["weights"]), [{} for _ in run["weights"]], list(run["log"])

# %% wrong: One state for all weights. | feedback: The rule gets the state of another weight
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[0] = rule(w, g, states[0], t + 1, lr=rate)

# %% wrong: The state is not kept. | feedback: the states are not what the rule returned
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], _ = rule(w, g, states[k], t + 1, lr=rate)

# %% wrong: The log begins anew after a stop. | feedback: the lines of before are gone
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, states, log = list(run["weights"]), list(run["states"]), []

# %% wrong: The log is the one that came in. | feedback: log of the run that came in has changed
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, states, log = list(run["weights"]), list(run["states"]), run["log"]

# %% wrong: The states are the list that came in. | feedback: states of the run that came in has changed
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, states, log = list(run["weights"]), run["states"], list(run["log"])

# %% wrong: The weights are the list that came in. | feedback: weights of the run that came in has changed
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, states, log = run["weights"], list(run["states"]), list(run["log"])

# %% wrong: A copy of the dict is deep. | feedback: of the run that came in has changed
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    run = dict(run)
    weights, states, log = run["weights"], run["states"], run["log"]

# %% wrong: The weights themselves ask for gradients. | feedback: ask for gradients now, or have some
# -        leaves = [w.detach().requires_grad_() for w in weights]
        leaves = [w.requires_grad_() for w in weights]
# -                w = weights[k]
                w = weights[k].detach()

# %% wrong: The weights are changed in place. | feedback: weights of the run that came in has changed
# -                moved += (weights[k] - w).square().sum().item()
# -                size += w.square().sum().item()
                moved += (weights[k] - w).square().sum().item()
                size += w.square().sum().item()
                weights[k] = w.copy_(weights[k])

# %% wrong: The run goes on in itself. | feedback: of the run that came in has changed
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    run.update(t=run["t"] + updates, weights=weights, states=states, log=log)
    return run

# %% wrong: Weights that ask for gradients come back. | feedback: asks for gradients, or hangs on a graph
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    weights = [w.requires_grad_() for w in weights]
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}

# %% wrong: The rule is called with weights that are watched. | feedback: asks for gradients, or hangs on a graph
# -                w = weights[k]
                w = leaves[k]

# %% wrong: Gradients of gradients are kept. | feedback: asks for gradients, or hangs on a graph
# -        slopes = torch.autograd.grad(loss, leaves)
        slopes = torch.autograd.grad(loss, leaves, create_graph=True)

# %% wrong: Without asking for gradients. | feedback: loss_of needs weights that ask for gradients
# -        leaves = [w.detach().requires_grad_() for w in weights]
        leaves = weights

# %% wrong: Gradients add up. | feedback: gets another gradient than it should
# -    for t in range(run["t"], run["t"] + updates):
    total = [torch.zeros_like(w) for w in weights]
    for t in range(run["t"], run["t"] + updates):
# -        slopes = torch.autograd.grad(loss, leaves)
        slopes = torch.autograd.grad(loss, leaves)
        slopes = total = [a + b for a, b in zip(total, slopes, strict=True)]

# %% wrong: All gradients at the first weights. | feedback: gets another gradient than it should
# -    for t in range(run["t"], run["t"] + updates):
    leaves = [w.detach().requires_grad_() for w in weights]
    for t in range(run["t"], run["t"] + updates):
# -        leaves = [w.detach().requires_grad_() for w in weights]

# %% wrong: t is counted by one. | feedback: t of the new run is
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return {"t": run["t"] + 1, "weights": weights, "states": states, "log": log}

# %% wrong: t is this call's. | feedback: t of the new run is
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return {"t": updates, "weights": weights, "states": states, "log": log}

# %% wrong: t is the last update that was made. | feedback: t of the new run is
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return {"t": t, "weights": weights, "states": states, "log": log}

# %% wrong: The log's t counts from the call. | feedback: updates are numbered from the start of the run
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        mine = t - run["t"]
        log.append({"t": mine, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The log's t counts from 1. | feedback: updates count from 0
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        log.append({"t": t + 1, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: The new state, without the log. | feedback: the run that you return has no 'log'
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return {"t": run["t"] + updates, "weights": weights, "states": states}

# %% wrong: A generator beside the run is part of it. | feedback: which is no key of a run
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    rest = {"chance": torch.get_rng_state()}
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log} | rest

# %% wrong: Nothing is returned. | feedback: go_on returns None
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}

# %% wrong: Four things in place of a dict. | feedback: go_on must return a dict, not tuple
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return run["t"] + updates, weights, states, log

# %% wrong: The rate by place. | feedback: The rule is called as rule(w, g, s, t + 1, lr=rate)
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[k] = rule(w, g, states[k], t + 1, rate)

# %% wrong: Weight and gradient exchanged. | feedback: gets another w than the update before made
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[k] = rule(g, w, states[k], t + 1, lr=rate)

# %% wrong: Autograd is switched off for good. | feedback: A switch of torch's is left in another place
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    torch.set_grad_enabled(False)
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}

# %% wrong: The chance of others is seeded. | feedback: Torch's own chance is drawn from, or seeded
# -        leaves = [w.detach().requires_grad_() for w in weights]
        torch.manual_seed(t)
        leaves = [w.detach().requires_grad_() for w in weights]

# %% wrong: States live outside of the run. | feedback: it gets its own, of the update before
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
    weights, log = list(run["weights"]), list(run["log"])
    states = kept.setdefault(len(run["states"]), list(run["states"]))
# -def go_on(run, updates, loss_of, rule, schedule, clip):
kept = {}


def go_on(run, updates, loss_of, rule, schedule, clip):

# %% wrong: Only the first update's gradient is clipped. | feedback: it is not clipped
# -                if length > clip:
                if length > clip and t == run["t"]:

# %% wrong: The weights are averaged at the end. | feedback: is not what the rule made of it
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    weights = [(w + old) / 2 for w, old in zip(weights, run["weights"], strict=True)]
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}

# %% wrong: A finite loss has a finite gradient. | feedback: At update 5 ‖g‖ is not finite: it moves nothing
# -        if math.isfinite(length):
        if math.isfinite(loss.item()):

# %% wrong: The first weight's gradient stands for all. | feedback: At update 2 ‖g‖ is not finite
# -        if math.isfinite(length):
        if bool(slopes[0].isfinite().all()):

# %% wrong: At least one update. | feedback: None is to be made: no update, no loss
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(run["t"], run["t"] + max(updates, 1)):

# %% wrong: Weights are saved in half the digits. | feedback: is not what the rule made of it in the last update
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    weights = [w.float().double() for w in weights]
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}

# %% wrong: The rule may fill the state that it gets. | feedback: states of the run that came in has changed
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], new = rule(w, g, states[k], t + 1, lr=rate)
                states[k].update(new)

# %% wrong: A loss that is not finite stops the update. | feedback: the loss is not finite, and ‖g‖, which decides, is
# -        if math.isfinite(length):
        if math.isfinite(length) and math.isfinite(loss.item()):

# %% wrong: Two bad updates in a row end the run. | feedback: where ‖g‖ is not finite. That update moves nothing, and the run goes on
# -        if math.isfinite(length):
        if log and not math.isfinite(length) and not math.isfinite(log[-1]["gradient"]):
            break
        if math.isfinite(length):

# %% wrong: At most eight updates a call. | feedback: for forty updates, you stop at update 7
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(run["t"], run["t"] + min(updates, 8)):

# %% wrong: The last update of a long call is not made. | feedback: for forty updates, at update 39 the rule is not called
# -        if math.isfinite(length):
        if math.isfinite(length) and (updates < 10 or t + 1 < run["t"] + updates):

# %% wrong: t is that of the last line, and one more. | feedback: loss_of is asked for the updates
# -    for t in range(run["t"], run["t"] + updates):
    first = log[-1]["t"] + 1 if log else 0
    for t in range(first, first + updates):

# %% wrong: t is the length of the log. | feedback: loss_of is asked for the updates
# -    for t in range(run["t"], run["t"] + updates):
    for t in range(len(log), len(log) + updates):

# %% wrong: A thousand lines are enough. | feedback: whose log is long, the log has
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log[-1000:]}

# %% wrong: The rate is rounded. | feedback: Is it rounded, or float32? Hand on schedule(t)
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = round(schedule(t), 5), 0.0, 0.0

# %% wrong: The rate in float32. | feedback: Is it rounded, or float32? Hand on schedule(t)
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = torch.tensor(schedule(t), dtype=torch.float32).item(), 0.0, 0.0

# %% wrong: The rate, and a billionth of it more. | feedback: lr is 0.1000000001, not 0.1
# -        rate, moved, size = schedule(t), 0.0, 0.0
        rate, moved, size = schedule(t) * (1 + 1e-9), 0.0, 0.0

# %% wrong: A gradient of zeros moves nothing. | feedback: There the gradient is zero, and finite
# -        if math.isfinite(length):
        if math.isfinite(length) and length > 0:

# %% wrong: A gradient of zeros ends the run. | feedback: you stop at update 4, where the gradient is zero
# -        if math.isfinite(length):
        if length == 0:
            log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": 0.0})
            break
        if math.isfinite(length):

# %% wrong: Only updates that moved are counted for the rule. | feedback: update 2 counts, too, and moved nothing
# -            for k, g in enumerate(slopes):
            count = 1 + sum(line["ratio"] > 0 for line in log)
            for k, g in enumerate(slopes):
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], states[k] = rule(w, g, states[k], count, lr=rate)

# %% wrong: A bad update is made again at once. | feedback: asked for update 2 again. An update that moves nothing counts, too
# -    for t in range(run["t"], run["t"] + updates):
    t = run["t"] - 1
    for _ in range(updates):
        t += not log or len(log) == len(run["log"]) or math.isfinite(log[-1]["gradient"])

# %% wrong: The loss in the log is rounded. | feedback: it is rounded. Keep all digits
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        loss = round(loss.item(), 6)
        log.append({"t": t, "loss": loss, "gradient": length, "rate": rate, "ratio": ratio})

# %% wrong: torch's own clipping. | feedback: 10⁻⁶, as in torch's own clipping, is added to ‖g‖
# -        slopes = torch.autograd.grad(loss, leaves)
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        loss.backward()
        length = torch.nn.utils.clip_grad_norm_(leaves, clip).item()
        slopes = [w.grad for w in leaves]
# -                if length > clip:
# -                    g = clip / length * g

# %% wrong: Gradients in float32. | feedback: it is right in its first digits only
# -        slopes = torch.autograd.grad(loss, leaves)
        slopes = [g.float().double() for g in torch.autograd.grad(loss, leaves)]

# %% wrong: Weights that are not finite are refused. | feedback: what the rule returns, finite or not
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                new, states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k] = new if new.isfinite().all() else w

# %% wrong: A rate of 0 moves nothing, so the rule is left out. | feedback: There the rate is 0, and ‖g‖
# -        if math.isfinite(length):
        if math.isfinite(length) and rate:

# %% wrong: Gradients are scaled in place. | feedback: Is a gradient scaled in place
# -                if length > clip:
# -                    g = clip / length * g
                if length > clip:
                    g.mul_(clip / length)

# %% wrong: What has not moved is divided all the same. | feedback: Where nothing is moved, the ratio is 0.0
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved / size) if math.isfinite(length) else 0.0

# %% wrong: Something small beside ‖w‖. | feedback: nothing is added to ‖w‖ below
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved) / (math.sqrt(size) + 1e-8)

# %% wrong: The rule gets the leaves, and only values of a state are freed. | feedback: hangs on a graph
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                new, s = rule(leaves[k], g, states[k], t + 1, lr=rate)
                weights[k] = new.detach()
                states[k] = {key: v.detach() if torch.is_tensor(v) else v for key, v in s.items()}

# %% wrong: The rule gets the leaves, without gradients. | feedback: asks for gradients, or hangs on a graph
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                with torch.no_grad():
                    weights[k], states[k] = rule(leaves[k], g, states[k], t + 1, lr=rate)

# %% wrong: A loss of 0 needs no update. | feedback: There the loss is 0, and ‖g‖, which decides
# -        if math.isfinite(length):
        if math.isfinite(length) and loss.item() > 0:

# %% wrong: A huge gradient is not finite. | feedback: at update 3 the rule is not called
# -        if math.isfinite(length):
        if length < 1e10:

# %% wrong: What was in a state stays there. | feedback: keeps no key that was there before
# -                weights[k], states[k] = rule(w, g, states[k], t + 1, lr=rate)
                weights[k], s = rule(w, g, states[k], t + 1, lr=rate)
                states[k] = {**states[k], **s}

# %% wrong: A run's values, in the order of the table. | feedback: the order of its keys is not promised
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
# -    for t in range(run["t"], run["t"] + updates):
    first, weights, states, log = run.values()
    weights, states, log = list(weights), list(states), list(log)
    for t in range(first, first + updates):

# %% wrong: A gradient lies in memory row by row. | feedback: .flatten(), no .view(-1)
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = torch.cat([g.view(-1) for g in slopes]).norm().item()

# %% right: backward() on clones, under no_grad where the rule works
# -        leaves = [w.detach().requires_grad_() for w in weights]
        leaves = [w.clone().requires_grad_(True) for w in weights]
# -        slopes = torch.autograd.grad(loss, leaves)
        loss.backward()
        slopes = [w.grad for w in leaves]

# %% right: one function for one update
def norm_of(vectors):
    return torch.cat([v.flatten() for v in vectors]).norm().item()


def one_update(weights, states, t, loss_of, rule, rate, clip):
    leaves = [w.detach().clone().requires_grad_() for w in weights]
    loss = loss_of(leaves, t)
    loss.backward()
    slopes = [w.grad for w in leaves]
    length = norm_of(slopes)
    line = {"t": t, "loss": float(loss), "gradient": length, "rate": float(rate), "ratio": 0.0}
    if not math.isfinite(length):
        return weights, states, line
    factor = clip / max(length, clip)
    pairs = [
        rule(w, factor * g, s, t + 1, lr=rate) for w, g, s in zip(weights, slopes, states, strict=True)
    ]
    new, states = [list(part) for part in zip(*pairs, strict=True)]
    if moved := norm_of([a - b for a, b in zip(new, weights, strict=True)]):
        line["ratio"] = moved / norm_of(weights)
    return new, states, line


def go_on(run, updates, loss_of, rule, schedule, clip):
    weights, states, lines = run["weights"], run["states"], []
    for step in range(updates):
        t = run["t"] + step
        weights, states, line = one_update(weights, states, t, loss_of, rule, schedule(t), clip)
        lines.append(line)
    return dict(t=run["t"] + updates, weights=[*weights], states=[*states], log=run["log"] + lines)

# %% right: a deep copy goes on in itself
# -    weights, states, log = list(run["weights"]), list(run["states"]), list(run["log"])
# -    for t in range(run["t"], run["t"] + updates):
    import copy

    run = copy.deepcopy(run)
    weights, states, log = run["weights"], run["states"], run["log"]
    for t in range(run["t"], run["t"] + updates):
# -    return {"t": run["t"] + updates, "weights": weights, "states": states, "log": log}
    run["t"] += updates
    return run

# %% right: recursion, an update at a time
# -    for t in range(run["t"], run["t"] + updates):
    if updates > 1:
        run = go_on(run, updates - 1, loss_of, rule, schedule, clip)
        return go_on(run, 1, loss_of, rule, schedule, clip)
    for t in [run["t"]] * updates:

# %% right: a bad gradient is met first
# -        rate, moved, size = schedule(t), 0.0, 0.0
# -        if math.isfinite(length):
        rate, moved, size = schedule(t), 0.0, 0.0
        line = {"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": 0.0}
        log.append(line)
        if math.isnan(length) or length == math.inf:
            continue
        with torch.no_grad():
# -        ratio = math.sqrt(moved / size) if moved else 0.0
# -        log.append({"t": t, "loss": loss.item(), "gradient": length, "rate": rate, "ratio": ratio})
        line["ratio"] = math.sqrt(moved) / math.sqrt(size) if moved else 0.0

# %% right: torch's clip on copies, without its ε
# -        slopes = torch.autograd.grad(loss, leaves)
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        loss.backward()
        slopes = [w.grad.clone() for w in leaves]
        length = torch.linalg.vector_norm(torch.stack([g.norm() for g in slopes])).item()

# %% right: from the last weight to the first
# -            for k, g in enumerate(slopes):
# -                w = weights[k]
            for k in reversed(range(len(weights))):
                w, g = weights[k], slopes[k]

# %% right: the rule is called all the same, and what it says is left
# -        if math.isfinite(length):
        kept = list(weights), list(states)
        if True:
# -        ratio = math.sqrt(moved / size) if moved else 0.0
        ratio = math.sqrt(moved / size) if moved else 0.0
        if not math.isfinite(length):
            (weights, states), ratio = kept, 0.0

# %% right: all gradients at once, and hypot of all entries
# -        length = math.sqrt(sum(g.square().sum().item() for g in slopes))
        length = math.hypot(*(v for g in slopes for v in g.flatten().tolist()))
        if math.isfinite(length) and length > clip:
            slopes = torch._foreach_mul(list(slopes), clip / length)
# -                if length > clip:
# -                    g = clip / length * g

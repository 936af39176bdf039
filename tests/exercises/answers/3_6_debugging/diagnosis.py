# %% wrong: inf is a large loss. | feedback: a nan is no growth, nor is an inf
# -    losses = [line["loss"] for line in log if math.isfinite(line["loss"])]
    losses = [line["loss"] for line in log if line["loss"] == line["loss"]]

# %% wrong: Grown is what is twice the first loss. | feedback: the loss grows above twice a guess's
# -    if max(losses) > 2.0 * guess:
    if max(losses) > 2.0 * losses[0]:

# %% wrong: The last layer's ratio tells. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if log[0][layers[-1]] > 1.0 else "uphill"

# %% wrong: The mean of the ratios tells. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if sum(log[0][key] for key in layers) > len(layers) else "uphill"

# %% wrong: Only the first layer can be stuck. | feedback: and yet one layer never moves
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if all(line[layers[0]] == 0.0 for line in log):

# %% wrong: The first line tells who is stuck. | feedback: none that is 0 in every line
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if any(log[0][key] == 0.0 for key in layers):

# %% wrong: In every line some layer stands still. | feedback: none that is 0 in every line
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if all(any(line[key] == 0.0 for key in layers) for line in log):

# %% wrong: The stuck first. | feedback: a growth stands higher in the table
# -    if max(losses) > 2.0 * guess:
    if any(all(line[key] == 0.0 for line in log) for key in layers):
        return "stuck"
    if max(losses) > 2.0 * guess:

# %% wrong: The plan before the stuck. | feedback: stands higher in the table than the rate
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if rates[len(rates) // 2] < 0.01 * max(rates):
        return "plan"
    if any(all(line[key] == 0.0 for line in log) for key in layers):

# %% wrong: The labels before the plan. | feedback: a plan stands higher in the table
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if min(losses) > 0.8 * guess:
        return "labels"
    if rates[len(rates) // 2] < 0.01 * max(rates):

# %% wrong: A low rate in the first half. | feedback: What counts is the one halfway
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if min(rates[: len(rates) // 2 + 1]) < 0.01 * max(rates):

# %% wrong: A tenth is little. | feedback: whether it is below a hundredth of the largest
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[len(rates) // 2] < 0.1 * max(rates):

# %% wrong: A rate below 1e-3 is too low for all. | feedback: whether it is below a hundredth of the largest
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[len(rates) // 2] < 1e-3:

# %% wrong: Half a guess is the bound. | feedback: the loss begins at a guess's, and leaves it
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if min(losses) > 0.5 * guess else "healthy"

# %% wrong: Layers are what is named weight. | feedback: look at the first line's ratios, of all layers
# -    layers = [key for key in log[0] if key.startswith("ratio/")]
    layers = [key for key in log[0] if key.endswith("weight")] or [key for key in log[0] if key.endswith("w")]

# %% wrong: Layers stand at the end of a line. | feedback: what ails this run is
# -    layers = [key for key in log[0] if key.startswith("ratio/")]
    layers = list(log[0])[4:]

# %% wrong: max of all losses. | feedback: a nan is no growth
# -    losses = [line["loss"] for line in log if math.isfinite(line["loss"])]
    losses = [line["loss"] if line["loss"] == line["loss"] else math.inf for line in log]

# %% wrong: A nan takes part in max and min. | feedback: is nan seen, and inf?
# -    losses = [line["loss"] for line in log if math.isfinite(line["loss"])]
    losses = [line["loss"] for line in log]

# %% wrong: Any nan is a hole. | feedback: the losses went through large numbers before they were none
# -    if max(losses) > 2.0 * guess:
    if len(losses) < len(log):
        return "hole"
    if max(losses) > 2.0 * guess:

# %% wrong: The last loss says whether it grew. | feedback: Look at the largest finite one
# -    if max(losses) > 2.0 * guess:
    if losses[-1] > 2.0 * guess:

# %% wrong: Whoever ends above where it began grew. | feedback: Look at the largest finite one
# -    if max(losses) > 2.0 * guess:
    if losses[-1] > 1.1 * losses[0] and losses[-1] > 2.0 * guess:

# %% wrong: A loss above 4.6 is large. | feedback: the loss grows above twice a guess's
# -    if max(losses) > 2.0 * guess:
    if max(losses) > 4.6:

# %% wrong: Ten times a guess is large. | feedback: the losses went through large numbers
# -    if max(losses) > 2.0 * guess:
    if max(losses) > 10.0 * guess:

# %% wrong: Above a guess is large. | feedback: its loss stays below twice a guess's
# -    if max(losses) > 2.0 * guess:
    if max(losses) > guess:

# %% wrong: All that grows has too high a rate. | feedback: look at the first line's ratios: later ones are large in both
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate"

# %% wrong: All that grows goes uphill. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "uphill"

# %% wrong: A ratio above 1 anywhere. | feedback: look at the first line's ratios: later ones are large in both
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if max(line[key] for line in log for key in layers) > 1.0 else "uphill"

# %% wrong: The first layer's ratio tells. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if log[0][layers[0]] > 1.0 else "uphill"

# %% wrong: All layers must be overwritten. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if all(log[0][key] > 1.0 for key in layers) else "uphill"

# %% wrong: A rate above 1 is too high. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if rates[0] > 1.0 else "uphill"

# %% wrong: A ratio above 5, as in the lesson. | feedback: look at the first line's ratios, of all layers
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if max(log[0][key] for key in layers) > 5.0 else "uphill"

# %% wrong: The layers are those of the lesson. | feedback: take the keys that begin with 'ratio/'
# -    layers = [key for key in log[0] if key.startswith("ratio/")]
    layers = ["ratio/0.weight", "ratio/2.weight", "ratio/4.weight"]

# %% wrong: The last layer is the one to watch. | feedback: the loss falls, and yet one layer never moves
# -    layers = [key for key in log[0] if key.startswith("ratio/")]
    layers = [key for key in log[0] if key.startswith("ratio/")][-1:]

# %% wrong: Stuck is when all layers stand still. | feedback: the loss falls, and yet one layer never moves
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if all(line[key] == 0.0 for line in log for key in layers):

# %% wrong: One line of 0 is stuck. | feedback: none that is 0 in every line
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if any(line[key] == 0.0 for line in log for key in layers):

# %% wrong: The last line tells who is stuck. | feedback: none that is 0 in every line
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if any(log[-1][key] == 0.0 for key in layers):

# %% wrong: A small ratio is stuck. | feedback: none that is 0 in every line
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if any(min(line[key] for line in log) < 1e-3 for key in layers):

# %% wrong: Nobody is stuck whose loss falls. | feedback: the loss falls, and yet one layer never moves
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if min(losses) > 0.8 * guess and any(all(line[key] == 0.0 for line in log) for key in layers):

# %% wrong: The labels first. | feedback: A ratio of 0 in every line comes first
# -    if any(all(line[key] == 0.0 for line in log) for key in layers):
    if min(losses) > 0.8 * guess:
        return "labels"
    if any(all(line[key] == 0.0 for line in log) for key in layers):

# %% wrong: The last rate tells the plan. | feedback: a rate that ends near 0 was planned so
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[-1] < 0.01 * max(rates):

# %% wrong: A rate below 1e-3 is a plan gone wrong. | feedback: look at the rate halfway, beside the largest one
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[len(rates) // 2] < 1e-5:

# %% wrong: Beside the first rate, and a warmup. | feedback: look at the rate halfway, beside the largest one
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[len(rates) // 2] < 0.01 * rates[0]:

# %% wrong: A rate that changes is a plan gone wrong. | feedback: a rate that ends near 0 was planned so
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if min(rates) < 0.01 * max(rates):

# %% wrong: After a third. | feedback: look at the rate halfway, beside the largest one
# -    if rates[len(rates) // 2] < 0.01 * max(rates):
    if rates[len(rates) // 3] < 0.01 * max(rates):

# %% wrong: The first loss tells the labels. | feedback: the loss begins at a guess's, and leaves it
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if losses[0] > 0.8 * guess else "healthy"

# %% wrong: A loss above 1.8 is that of wrong labels. | feedback: it never falls below 0.8 of a guess's
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if min(losses) > 1.8 else "healthy"

# %% wrong: A loss above 1 is that of wrong labels. | feedback: it never falls below 0.8 of a guess's
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if min(losses) > 1.0 else "healthy"

# %% wrong: Above a guess in every line. | feedback: it never falls below 0.8 of a guess's
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if min(losses) > guess else "healthy"

# %% wrong: Everybody is healthy. | feedback: is nan seen, and inf?
# -    losses = [line["loss"] for line in log if math.isfinite(line["loss"])]
    return "healthy"
    losses = [line["loss"] for line in log if math.isfinite(line["loss"])]

# %% wrong: None for the healthy. | feedback: at the end, what fits nothing is 'healthy'
# -    return "labels" if min(losses) > 0.8 * guess else "healthy"
    return "labels" if min(losses) > 0.8 * guess else None

# %% wrong: The lesson's letters. | feedback: you return 'G'. The words are
# -        return "hole"
        return "G"

# %% wrong: The log is emptied on the way. | feedback: your function changed the log. Only read it
# -    layers = [key for key in log[0] if key.startswith("ratio/")]
    layers = [key for key in log[0] if key.startswith("ratio/")]
    for line in log:
        line.pop("update")

# %% wrong: The gradient tells who goes uphill. | feedback: what ails this run is 'rate', and you answer 'uphill'
# -        return "rate" if max(log[0][key] for key in layers) > 1.0 else "uphill"
        return "rate" if log[0]["gradient"] > 10.0 else "uphill"


# %% right: from the bottom of the table, each overruled by what stands higher
def diagnosis(log, guess):
    loss = [line["loss"] for line in log]
    finite = [value for value in loss if value == value and abs(value) != math.inf]
    layers = {key for line in log for key in line if "ratio" in key}
    lr = [line["lr/0"] for line in log]
    found = "healthy"
    if all(value > 0.85 * guess for value in finite):
        found = "labels"
    if lr[len(log) // 2] * 100 < max(lr):
        found = "plan"
    for key in layers:
        if not any(line[key] for line in log):
            found = "stuck"
    if len(finite) != len(loss):
        found = "hole"
    if max(finite) > 2.2 * guess:
        found = "rate" if any(log[0][key] > 1.2 for key in layers) else "uphill"
    return found

# %% right: tensors, and nan where there is none
def diagnosis(log, guess):
    loss = torch.tensor([line["loss"] for line in log]) / guess
    ratios = torch.tensor([[v for k, v in line.items() if k.startswith("ratio/")] for line in log])
    rate = torch.tensor([line["lr/0"] for line in log])
    good = loss.isfinite()
    if loss[good].max() > 2:
        return "rate" if ratios[0].max() > 1 else "uphill"
    if not good.all():
        return "hole"
    if (ratios == 0).all(dim=0).any():
        return "stuck"
    if rate[len(log) // 2] / rate.max() < 1e-2:
        return "plan"
    return ("healthy", "labels")[int((loss > 0.8).all())]

# %% right: line by line, until something is seen
def diagnosis(log, guess):
    gone = False
    for line in log:
        loss = line["loss"]
        if math.isnan(loss) or math.isinf(loss):
            gone = True
        elif loss > 2 * guess:
            ratios = [value for key, value in log[0].items() if key[:6] == "ratio/"]
            return "rate" if sorted(ratios)[-1] > 1 else "uphill"
    if gone:
        return "hole"
    moved = {}
    for line in log:
        for key, value in line.items():
            if key.startswith("ratio/"):
                moved[key] = moved.get(key, 0) + value
    if 0 in moved.values():
        return "stuck"
    top = max(line["lr/0"] for line in log)
    if log[len(log) // 2]["lr/0"] < top / 100:
        return "plan"
    if any(line["loss"] < 0.8 * guess for line in log):
        return "healthy"
    return "labels"

# %% right: a table of rules
def diagnosis(log, guess):
    finite = [line["loss"] for line in log if math.isfinite(line["loss"])]
    grew = max(finite) >= 2 * guess
    layers = [k for k in log[-1] if k.startswith("ratio/")]
    strong = max(log[0][k] for k in layers) >= 1
    rates = sorted(line["lr/0"] for line in log)
    rules = {
        "hole": len(finite) < len(log) and not grew,
        "rate": grew and strong,
        "uphill": grew and not strong,
        "stuck": min(max(line[k] for line in log) for k in layers) == 0,
        "plan": log[len(log) // 2]["lr/0"] <= rates[-1] * 0.01,
        "labels": min(finite) > 0.8 * guess,
        "healthy": True,
    }
    return next(name for name, fits in rules.items() if fits)

# %% right: the end for the labels, and nearly 0 for the stuck
def diagnosis(log, guess):
    import statistics

    loss = [line["loss"] for line in log]
    usual = [one for one in loss if math.isfinite(one)]
    ratios = {key: [line[key] for line in log] for key in log[0] if key.startswith("ratio/")}
    if any(one > 2 * guess for one in usual):
        first = max(values[0] for values in ratios.values())
        return "uphill" if first <= 1 else "rate"
    if usual != loss:
        return "hole"
    if min(max(values) for values in ratios.values()) < 1e-12:
        return "stuck"
    rate = [line["lr/0"] for line in log]
    if rate[len(rate) // 2] / max(rate) < 0.01:
        return "plan"
    return "labels" if statistics.median(loss[-max(1, len(loss) // 4) :]) > 0.8 * guess else "healthy"
